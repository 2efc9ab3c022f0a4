"""The reader: which words answer, where exactly they stand, and how surely."""

import re
import threading
import unicodedata
from importlib.resources import files
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ReaderError, SettingError
from assistant.judge import Judge
from assistant.reader import AnyReader, Reader
from assistant.reader.model import Calibration, Reading
from assistant.windows import read_windows
from index.tokens import load_tokenizer

TEXT = (
    "Die Brücke über die Lahre wurde am 3. März 2024 gesperrt. Baudezernentin Elif Sommer rechnet mit Kosten von 4,2 Millionen Euro. "
    "Den Auftrag bekam die Firma Kranz aus Fulda, unterlegen war die Firma Holm."
)
PIECES = st.sampled_from([
    "Brücke", "ﬁx", "Straße", "a\u0308", "So\u00adjus", "😀", "👩‍🚀", "½", "„", "“", " ", "  ", "\n\n", "\u200b", "\t", "Å",
    "①", "…", "x", "Ⅻ", "\ud800", "\x00", "ſ", "日本", "ﷺ", "e\u0301\u0323", ".",
])  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> AnyReader:
    return Reader.load()


def test_it_finds_the_words_and_knows_where_they_stand(reader: AnyReader) -> None:
    for question, answer in (
        ("Wann wurde die Brücke gesperrt?", "3. März 2024"),
        ("Wie teuer wird es?", "4,2 Millionen Euro"),
        ("Where does the company Kranz come from?", "Fulda"),
    ):
        reading = reader.read(question, [TEXT])[0]
        assert answer in reading.text
        assert reading.text == TEXT[reading.start : reading.end]
        assert 0 <= reading.start_probability <= 1
        assert 0 <= reading.end_probability <= 1


def test_a_text_that_answers_is_surer_than_one_that_does_not(reader: AnyReader) -> None:
    other = "Der Chor sucht für das Frühjahr noch drei Tenöre. Geprobt wird dienstags im Gemeindehaus."
    right, wrong = reader.read("Wann wurde die Brücke gesperrt?", [TEXT, other])
    assert right.probability > 0.5 > wrong.probability


def test_a_reading_depends_on_its_question_and_text_alone(reader: AnyReader) -> None:
    question = "Wer rechnet mit Kosten?"
    alone = reader.read(question, [TEXT])[0]
    among = reader.read(question, ["Ein anderer Text, viel kürzer.", TEXT, TEXT * 3])
    assert among[1] == alone
    assert reader.read(question, [TEXT])[0] == alone


def test_long_texts_are_read_to_their_end(reader: AnyReader) -> None:
    filler = "Im Gemeindehaus wurde gesungen, und alle sangen mit. " * 120
    reading = reader.read("Wann wurde die Brücke gesperrt?", [filler + TEXT])[0]
    assert reading.text == (filler + TEXT)[reading.start : reading.end]
    assert "2024" in reading.text


def test_title_and_date_are_seen_but_never_the_answer(reader: AnyReader) -> None:
    text = "Der Rat stimmte zu."
    reading = reader.read("Wann tagte der Rat?", [text], ["Sitzung vom 4. Mai 2025"])[0]
    assert reading.text == text[reading.start : reading.end]
    assert reading != reader.read("Wann tagte der Rat?", [text])[0]


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_a_text_without_a_word_answers_nothing(reader: AnyReader, text: str) -> None:
    reading = reader.read("Wann?", [text])[0]
    assert (reading.text, reading.probability) == ("", 0.0)


def test_one_text_instead_of_a_list_is_refused(reader: AnyReader) -> None:
    with pytest.raises(TypeError, match="list"):
        reader.read("Wann?", TEXT)


@given(st.lists(PIECES, min_size=1, max_size=12).map("".join))
def test_offsets_are_exact_whatever_the_text_is_made_of(text: str) -> None:
    for form in (text, unicodedata.normalize("NFD", text)):
        tokens = load_tokenizer().text(form)
        before = (0, 0)
        for start, end in tokens.offsets.tolist():
            assert 0 <= start < end <= len(form)
            assert start >= before[0]  # several tokens of one sign share its place, but none goes back
            assert end >= before[1]
            assert not form[start].isspace()
            assert not form[end - 1].isspace()
            before = (start, end)
        begins = {start for start, _ in tokens.offsets.tolist()}
        assert all(match.start() in begins for match in re.finditer(r"(?<!\S)(?:Brücke|Straße)(?!\S)", form))
        covered = {i for start, end in tokens.offsets.tolist() for i in range(start, end)}
        assert all(i in covered for i, char in enumerate(form) if char.isalpha() and char.isascii())


def test_it_is_loaded_once_in_a_process() -> None:
    found: list[AnyReader] = []
    threads = [threading.Thread(target=lambda: found.append(Reader.load())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(reader) for reader in found}) == 1


def test_what_is_no_reader_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "reader.onnx").write_bytes(b"no graph")
    (tmp_path / "reader.json").write_text('{"slope": 1, "bias": 0}')
    for name in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ReaderError) as caught:
            Reader.load(name)
        assert str(name.name) in str(caught.value) or "weights" in str(caught.value)
        assert len(str(caught.value).splitlines()) == 1


def tiny_bert(folder: Path, kind: str) -> Path:
    """A folder with a Hugging Face model of two layers for `kind`: "QuestionAnswering" or "SequenceClassification"."""
    import torch
    import transformers
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from tokenizers.processors import TemplateProcessing

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *TEXT.split(), "Wann", "wurde", "?"]
    tokenizer = Tokenizer(WordLevel({word: at for at, word in enumerate(dict.fromkeys(words))}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing("[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", [("[CLS]", 2), ("[SEP]", 3)])
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        num_labels=1 if kind.startswith("Sequence") else 2,
    )  # fmt: skip
    model: Any = getattr(transformers, f"BertFor{kind}")(config)
    model.save_pretrained(folder)
    special = {"unk_token": "[UNK]", "pad_token": "[PAD]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, **special)
    fast.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_bert(tmp_path_factory.mktemp("qa"), "QuestionAnswering")


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_bert(tmp_path_factory.mktemp("cross"), "SequenceClassification")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_any_question_answering_model_of_hugging_face_reads(foreign: Path) -> None:
    reader = Reader.load(foreign)
    assert reader.name == str(foreign)
    for text in (TEXT, TEXT * 4, "kurz", " "):
        reading = reader.read("Wann wurde die Brücke gesperrt?", [text])[0]
        assert reading.text == text[reading.start : reading.end]
        assert 0 <= reading.probability <= 1
    assert reader.read("Wann?", [TEXT]) == reader.read("Wann?", [TEXT])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_any_cross_encoder_gives_one_score_a_text(reranker: Path) -> None:
    from assistant.reader.foreign import Reranker

    scores = Reranker(str(reranker)).scores("Wann wurde die Brücke gesperrt?", [TEXT, "kurz"])
    assert len(scores) == 2
    assert scores[0] != scores[1]
    assert Reranker(str(reranker)).scores("Wann?", []) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_assistant_takes_both_and_calibrates_them_on_the_user_s_cases(
    foreign: Path, reranker: Path, seeds_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from assistant import Assistant
    from assistant.judge import CALIBRATION
    from eval.calibrate import calibrate
    from eval.cases import shipped_cases

    names = {"reader": str(foreign), "reranker": str(reranker)}
    opened = Assistant.open(seeds_data, **names)
    before = opened.ask("Wie lange dauerte das Treffen in Busan?")
    opened.close()
    calibrate(shipped_cases(), data=seeds_data, **names)
    assert "calibrated on" in capsys.readouterr().out
    again = Assistant.open(seeds_data, **names)
    after = again.ask("Wie lange dauerte das Treffen in Busan?")
    again.close()
    assert after.confidence != before.confidence
    plain = Assistant.open(seeds_data)  # its own calibration is untouched
    plain.close()
    (seeds_data / CALIBRATION).unlink()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_model_that_is_none_is_said_in_one_line(tmp_path: Path) -> None:
    from assistant.reader.foreign import Reranker

    (tmp_path / "empty").mkdir()
    for load in (Reader.load, Reranker):
        with pytest.raises(ReaderError, match="empty") as caught:
            load(str(tmp_path / "empty"))
        assert len(str(caught.value).splitlines()) == 1


def test_a_window_is_read_once_however_many_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader.open(files("assistant.reader"))
    read: list[int] = []
    logits = Reader.logits

    def counted(self: Reader, words: Any, inside: Any) -> Any:
        read.append(len(inside))
        return logits(self, words, inside)

    monkeypatch.setattr(Reader, "logits", counted)
    question = "Wann wurde die Brücke gesperrt?"
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(reader.read(question, [TEXT])[0])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read) == 1
    assert len(set(found)) == 1
    surer = reader.calibrated(Calibration(2.0, 1.0)).read(question, [TEXT])[0]
    assert len(read) == 1
    assert surer.probability != found[0].probability
    reader.read("Wer baut sie?", [TEXT])
    reader.read(question, [TEXT], ["Die Brücke. 2024-03-04"])
    assert len(read) == 3


def test_a_window_that_could_not_be_read_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader.open(files("assistant.reader"))
    with monkeypatch.context() as patch:
        patch.setattr(Reader, "logits", Mock(side_effect=ReaderError("no memory")))
        with pytest.raises(ReaderError):
            reader.read("Wann?", [TEXT])
    assert reader.read("Wann wurde die Brücke gesperrt?", [TEXT])[0].text


@pytest.mark.parametrize(
    ("text", "sure"),
    [("weshalb sie das Amt niederlegt", 0.0), (", wie viele Stühle fehlen", 0.0), ("weil sie krank ist", 0.9), ("when it broke", 0.9)],
)
def test_words_that_only_ask_are_no_answer(text: str, sure: float) -> None:
    reader = Mock(read=Mock(return_value=[Reading(0, len(text), text, 0.9, 3.0, 0.9, 0.9)]))
    assert read_windows(reader, "Warum?", [Mock()])[0].reading.probability == sure


@pytest.mark.parametrize("kept", ['{"off + off": {"rule": {"features": ["score"]}}}', '{"off + off": {"slope": 1}}', "no JSON"])
def test_a_calibration_that_no_longer_fits_is_named(kept: str, tmp_path: Path) -> None:
    (tmp_path / "calibration.json").write_text(kept, "utf-8")
    with pytest.raises(SettingError, match=r"calibration\.json: .*delete"):
        Judge(tmp_path, "off")
