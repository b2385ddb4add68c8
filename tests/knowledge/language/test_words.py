from knowledge.language.words import query_terms, stems, words


def test_terms_leave_out_function_words_unless_there_is_nothing_else():
    assert query_terms("What is the café's plan for the plan?") == ["cafe's", "plan"]
    assert query_terms("what is it") == ["what", "is", "it"]
    assert words("Don’t STOP") == ["don't", "stop"]


def test_stems_compare_forms_of_a_word():
    assert stems(["hires", "hiring", "trust's"]) == ["hire", "hire", "trust"]
