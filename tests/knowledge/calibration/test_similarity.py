"""Scales of similarities: those that come along, and one that is fitted for a model, once, and kept."""

import logging

import numpy as np
import pytest

from indexer.embeddings import catch_up
from indexer.pipeline import Indexer
from knowledge.calibration.similarity import ScaleFile, SimilarityScale, SimilarityScales, fit_line, packaged_pairs
from knowledge.calibration.thresholds import SimilarityThresholds, Threshold
from knowledge.errors import HalnError, ModelError, SettingsError, StorageError
from knowledge.library import Library
from knowledge.retrieval.bundled_embedder import BGE_SMALL, MINILM, OnnxEmbedder, bundled_embedder
from knowledge.settings import Settings, Switch
from tests.fakes import SqueezedEmbedder, WordEmbedder


class CountingEmbedder(WordEmbedder):
    """Counts every text that it embeds."""

    texts = 0

    def _vectors(self, texts):
        self.texts += len(texts)
        return super()._vectors(texts)


class SameEmbedder(WordEmbedder):
    """A model to which all texts are the same."""

    def _vectors(self, texts):
        return np.full((len(texts), self.dimension), self.dimension**-0.5, dtype=np.float32)


@pytest.fixture
def scales(tmp_path):
    return SimilarityScales(tmp_path)


def other_model():
    return CountingEmbedder(name="other@2", dimension=32)


def kept_names(folder):
    return set(ScaleFile.model_validate_json((folder / "similarity.json").read_text()).root)


def test_a_line_puts_cosines_on_the_scale_of_the_thresholds():
    scale = SimilarityScale(intercept=-1, slope=2)
    assert scale.comparable(0.75) == 0.5
    assert scale.comparable(np.array([[0.5], [1.0]])).tolist() == [[0.0], [1.0]]


def test_means_are_as_alike_on_another_scale_as_on_the_first():
    texts = [f"bread ovens number{n} and river boats number{n + 1} by night" for n in range(12)]
    plain, squeezed = WordEmbedder().embed_documents(texts), SqueezedEmbedder().embed_documents(texts)
    same = SimilarityScale(intercept=0, slope=1)
    means = [np.stack([vectors[:2].mean(0), vectors[2:5].mean(0), vectors[5]]) for vectors in (plain, squeezed)]
    expected = same.comparable_means(means[0][0], means[0])
    assert expected[0] == pytest.approx(1)
    assert expected[2] == pytest.approx(means[0][0] @ means[0][2] / np.linalg.norm(means[0][0]))
    found = SimilarityScale(intercept=-1, slope=2).comparable_means(means[1][0], means[1])
    assert found == pytest.approx(expected, abs=1e-5)
    nothing = np.zeros((1, 64), dtype=np.float32)
    assert np.isfinite(SimilarityScale(intercept=-1, slope=2).comparable_means(nothing[0], nothing)).all()


def test_the_bundled_models_come_with_their_scales():
    scales = ScaleFile.packaged().root
    assert scales[OnnxEmbedder(MINILM).name] == SimilarityScale(intercept=0, slope=1)
    assert 1 < scales[bundled_embedder().name].slope < scales[OnnxEmbedder(BGE_SMALL).name].slope < 2


@pytest.mark.model
def test_the_packaged_scale_is_what_the_pairs_say():
    packaged = ScaleFile.packaged().root[bundled_embedder().name]
    assert fit_line(bundled_embedder()) == pytest.approx((packaged.intercept, packaged.slope), abs=0.01)


def test_half_of_the_pairs_are_related_and_nearer():
    pairs = packaged_pairs()
    related = [pair.cosine for pair in pairs if pair.related]
    others = [pair.cosine for pair in pairs if not pair.related]
    assert len(related) == len(others) == 100
    assert np.mean(related) > np.mean(others) + 0.3
    assert {pair.asked for pair in pairs} == {True, False}


def test_a_scale_is_fitted_once_and_kept(scales, tmp_path, caplog):
    model = other_model()
    with caplog.at_level(logging.INFO, "knowledge.calibration"):
        scale = scales.of(model)
    assert f"similarities of {model.name}" in caplog.text
    assert model.texts == 2 * len(packaged_pairs())
    assert scales.of(model) == SimilarityScales(tmp_path).of(model) == scale
    assert model.texts == 2 * len(packaged_pairs())
    scales.of(WordEmbedder(name="third@1"))
    assert kept_names(tmp_path) == {"other@2", "third@1"}
    assert [path.name for path in tmp_path.iterdir()] == ["similarity.json"]


def test_another_models_line_leads_to_the_same_scale():
    plain = SimilarityScale(**dict(zip(("intercept", "slope"), fit_line(WordEmbedder()), strict=True)))
    squeezed = SimilarityScale(**dict(zip(("intercept", "slope"), fit_line(SqueezedEmbedder()), strict=True)))
    cosines = np.linspace(-0.2, 1, 25)
    assert squeezed.comparable(0.5 + 0.5 * cosines) == pytest.approx(plain.comparable(cosines), abs=1e-3)


def test_it_is_fitted_when_the_library_is_built(settings, sources):
    model = other_model()
    library = Library.open(settings, lambda _: model)
    Indexer(library).add([str(sources)])
    assert "other@2" in kept_names(settings.data_dir)
    embedded = model.texts
    assert library.similarity == library.scales.of(model)
    assert Indexer(library).refresh().unchanged == 3
    assert model.texts == embedded
    library.close()


def test_it_is_there_when_the_library_goes_over_to_another_model(filled):
    model = other_model()
    library = Library(filled.settings, filled.stores, model)
    catch_up(library)
    assert library.embedder.name == "other@2"
    assert "other@2" in kept_names(filled.settings.data_dir)
    embedded = model.texts
    assert library.similarity.slope > 0
    assert model.texts == embedded


def test_a_library_that_was_built_before_there_were_scales_gets_one(filled):
    (filled.settings.data_dir / "similarity.json").unlink()
    library = Library(filled.settings, filled.stores, filled.chosen_embedder)
    assert library.similarity.slope > 0
    assert kept_names(filled.settings.data_dir) == {"words@1"}


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"other@2": {"slope": 1}}', b"\xff\xfe"])
def test_kept_scales_that_are_damaged_are_one_clear_error(scales, tmp_path, text):
    (tmp_path / "similarity.json").write_bytes(text)
    with pytest.raises(SettingsError, match=r"similarity\.json is damaged. Delete the file") as raised:
        scales.of(other_model())
    assert "\n" not in str(raised.value)


def test_kept_scales_that_cannot_be_read_or_written_say_so(tmp_path):
    (tmp_path / "similarity.json").mkdir()
    with pytest.raises(SettingsError, match=r"cannot be read .*Delete the file"):
        SimilarityScales(tmp_path).of(other_model())
    (tmp_path / "file").write_text("")
    with pytest.raises(HalnError) as raised:
        SimilarityScales(tmp_path / "file" / "data").of(other_model())
    assert isinstance(raised.value, (StorageError, SettingsError))


def test_a_damaged_file_is_told_where_something_is_compared(tmp_path):
    settings = Settings(data_dir=tmp_path / "data", starter_library=Switch.OFF)
    library = Library.open(settings, WordEmbedder)
    (settings.data_dir / "similarity.json").write_text("{")
    with pytest.raises(SettingsError, match="is damaged"):
        _ = library.similarity
    library.close()


def test_a_model_that_tells_nothing_apart_is_one_clear_error(scales):
    with pytest.raises(ModelError, match=r"same@1 does not tell related texts.*HALN_EMBEDDING_MODEL"):
        scales.of(SameEmbedder(name="same@1"))


def test_every_threshold_says_what_it_was_fitted_on():
    rooms = SimilarityThresholds.packaged()
    assert "MiniLM" in rooms.fitted_with
    found = [
        getattr(room, name)
        for room in (rooms.discussions, rooms.examples, rooms.matching, rooms.study)
        for name in type(room).model_fields
    ]
    assert len(found) >= 10
    assert all(isinstance(one, Threshold) and 0 < one.value < 1 and len(one.fitted_on) > 20 for one in found)
