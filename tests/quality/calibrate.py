"""Fits the gate and the choice of sentences to the `tune` parts: `python -m tests.quality.calibrate FOLDER`.

FOLDER keeps the libraries. The files in knowledge/calibration are written anew.
"""

import sys
from pathlib import Path

from bot.evaluation.fit import Judged, fit_gate, fit_sentences, judge_all
from bot.evaluation.questions import read_questions
from knowledge.answering.reader.onnx_reader import LexicalReader
from knowledge.answering.reader.packaged_reader import packaged_reader
from tests.quality.libraries import SETS, open_library

# Of 224 lines in lists for questions that are for tuning, or not learned from yet, 26 % fit; from here on it is 35 %,
# and 92 % of those that fit are kept.
LISTED = -1.0
CALIBRATION = Path(__file__).parents[2] / "knowledge" / "calibration"


def main(folder: Path) -> None:
    for reader in (packaged_reader(), LexicalReader()):
        model = ""
        judged: list[Judged] = []
        names = []
        for question_set in SETS:
            library = open_library(question_set.documents, folder / question_set.name)
            library.reader = reader
            questions = read_questions(question_set.questions, "tune")
            judged += judge_all(questions, library, lambda done, total: None)
            names.append(f"{len(questions)} of {question_set.name}")
            model = library.embedder.name
            library.close()
        fitted_on = f"questions marked tune: {', '.join(names)}; embeddings {model}; reader {reader.name}"
        path = CALIBRATION / f"{reader.name.partition('@')[0]}.json"
        path.write_text(
            fit_gate(judged, fitted_on, listed=None if isinstance(reader, LexicalReader) else LISTED).model_dump_json(
                indent=2
            )
            + "\n"
        )
        print(path, path.read_text())
        if not isinstance(reader, LexicalReader):
            path = CALIBRATION / "sentences.json"
            path.write_text(fit_sentences(judged, fitted_on).model_dump_json(indent=2) + "\n")
            print(path.read_text())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
