"""The reader's network in PyTorch: trained, exported, and run on an accelerator."""

import torch
from torch import Tensor, nn

from knowledge.models.torch_bert import WIDTH, bert

LAYERS = 12


class ReaderNetwork(nn.Module):  # type: ignore[misc]  # torch's types are not followed
    """A cross-encoder with three heads."""

    def __init__(self, layers: int = LAYERS, attention: str = "eager") -> None:
        """Make the network without weights; `attention` is transformers' name of how it is done.

        Only what is written out ("eager") can be exported; "sdpa" is quicker.
        """
        super().__init__()
        self.bert = bert(layers, pooler=True, attention=attention)
        self.classifier = nn.Linear(WIDTH, 1)
        self.sent = nn.Linear(2 * WIDTH, 1)
        self.span = nn.Linear(WIDTH, 2)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, sentence_mask: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return sentence logits (batch, sentences), passage logits (batch,) and span logits (batch, tokens, 2).

        `sentence_mask` is 1.0 where a token belongs to a sentence, shape (batch, sentences, tokens).
        """
        read = self.bert(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
        tokens = read.last_hidden_state
        mean = torch.matmul(sentence_mask, tokens) / sentence_mask.sum(-1, keepdim=True).clamp(min=1)
        whole = tokens[:, :1].expand(-1, mean.shape[1], -1)
        sentences = self.sent(torch.cat([mean, whole], -1)).squeeze(-1)
        return sentences, self.classifier(read.pooler_output).squeeze(-1), self.span(tokens)
