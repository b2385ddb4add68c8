"""`/privacy`, `/my-data`, `/forget-me`."""
