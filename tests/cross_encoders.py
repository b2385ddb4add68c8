"""Makes tiny cross-encoders whose weights are set by hand: a real BERT whose ranking is known beforehand.

Every token is two ones in its vector: its word and its segment (query or passage). In the first layer a passage's word
attends to the query's word that asks for it; where there is none, to [CLS], which says nothing. The second layer
averages over all tokens, so [CLS] ends with the share of the pair that was asked for, and the head reads it off.
"""

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
# In units of the attention's logits: strong enough that a softmax leaves nothing to the others.
MATCH, ELSE = 40.0, 20.0


def make_cross_encoder(folder, wanted, labels=1):
    """Save a model that scores a passage by its share of the word `wanted[query]`; its folder as a string."""
    words = [*SPECIAL, *sorted({*wanted, *wanted.values()})]
    place = {name: number for number, name in enumerate([*words, "query", "passage", "asked for"])}
    model = BertForSequenceClassification(
        BertConfig(
            vocab_size=len(words),
            hidden_size=len(place),
            num_hidden_layers=2,
            num_attention_heads=1,
            intermediate_size=1,
            max_position_embeddings=64,
            num_labels=labels,
        )
    )
    with torch.no_grad():
        _set_weights(model, wanted, words, place)
    model.save_pretrained(folder)
    _tokenizer(words).save_pretrained(folder)
    return str(folder)


def _set_weights(model, wanted, words, place):
    for name, weight in model.named_parameters():
        weight.fill_(1.0 if name.endswith("LayerNorm.weight") else 0.0)
    embeddings = model.bert.embeddings
    for name in words:
        embeddings.word_embeddings.weight[place[name], place[name]] = 1
    embeddings.token_type_embeddings.weight[0, place["query"]] = 1
    embeddings.token_type_embeddings.weight[1, place["passage"]] = 1
    first, second = (layer.attention for layer in model.bert.encoder.layer)
    asks = {(place[answer], place[query]): MATCH for query, answer in wanted.items()}
    asks |= {(place[name], place["[CLS]"]): ELSE for name in words}
    _link(first.self.query, asks)
    _link(first.self.key, {(place[name], place[name]): len(place) ** 0.5 for name in words})
    _link(first.self.value, {(place["query"], place["asked for"]): 1.0, (place["[CLS]"], place["asked for"]): -1.0})
    pass_on = {(place["asked for"], place["asked for"]): 1.0}
    for dense in (first.output.dense, second.self.value, second.output.dense):
        _link(dense, pass_on)
    model.bert.pooler.dense.weight[place["asked for"], place["asked for"]] = 0.1  # where tanh is not flat
    model.classifier.weight[:, place["asked for"]] = 1


def _link(linear, weights):
    """Set a layer's weights from (input, output) pairs, in units of a token's ones.

    LayerNorm turns a token's two ones among `size` dimensions into 1/spread and moves everything by the mean.
    """
    size = linear.weight.shape[1]
    mean = 2 / size
    spread = (mean * (1 - mean)) ** 0.5
    for (source, target), weight in weights.items():
        linear.weight[target, source] = weight * spread
    linear.bias += linear.weight.sum(dim=1) * mean / spread


def _tokenizer(words):
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(name, words.index(name)) for name in ("[CLS]", "[SEP]")],
    )
    # Without this the model would be told that everything is query.
    inputs = ["input_ids", "token_type_ids", "attention_mask"]
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, model_input_names=inputs, **names)
