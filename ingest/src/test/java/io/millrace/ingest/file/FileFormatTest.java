package io.millrace.ingest.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileFormatTest {

    @ParameterizedTest
    @CsvSource({
        "films.csv, CSV",
        "films.CSV.gz, CSV",
        "dir.csv/films.tsv, TSV",
        "films.tsv.GZ, TSV",
        "films.jsonl, JSONL",
        "films.jsonl.gz, JSONL",
        "films.csv.zip, JSONL",
        "csv, JSONL",
        "-, JSONL"
    })
    void shouldTellTheFormatFromTheName(String name, FileFormat format) {
        assertThat(FileFormat.of(name)).isEqualTo(format);
    }

    @ParameterizedTest
    @CsvSource({"posts.txt, TEXT", "posts.txt.gz, TEXT", "posts.JSONL.gz, JSONL", "posts.csv, CSV", "-, TEXT"})
    void shouldTakeFilesOfTextsAsPlainText(String name, FileFormat format) {
        assertThat(FileFormat.ofTexts(name)).isEqualTo(format);
    }
}
