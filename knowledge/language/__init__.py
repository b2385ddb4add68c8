"""The one home of words: tokens, stop words, spelling, acronyms, sentences, numbers, dates, nations and names."""
