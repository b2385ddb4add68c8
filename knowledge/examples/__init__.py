"""Examples that members share: giving one, the review, what is published, what is handed on."""
