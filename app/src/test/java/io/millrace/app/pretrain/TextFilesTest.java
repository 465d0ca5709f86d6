package io.millrace.app.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingest.file.DataFile;
import io.millrace.ingest.file.Delimiter;
import io.millrace.ingest.file.ExampleField;
import io.millrace.ingest.file.FileFormat;
import io.millrace.ingest.file.MemoryBudget;
import io.millrace.ingest.file.TableColumns;
import io.millrace.schemas.NamedPipe;
import io.millrace.schemas.UnlabelledText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class TextFilesTest {

    @TempDir
    private Path folder;

    @Test
    void shouldGiveEveryTextOnceAnEpochInAnotherOrder() throws IOException {
        // Given
        Path lines = write(
                "lines.txt", IntStream.range(0, 30).mapToObj(i -> "text " + i).toList());
        Path json = write("more.jsonl", List.of("{\"id\":\"1\",\"text\":\"from json\"}"));

        // When
        TextFiles files = TextFiles.open(files(lines, json), 2, 1, 0);
        List<String> texts = texts(files, 0);

        // Then
        assertThat(files.textsPerEpoch()).isEqualTo(31);
        assertThat(texts.subList(0, 31)).doesNotHaveDuplicates().contains("from json", "text 7");
        assertThat(texts.subList(31, 62))
                .hasSameElementsAs(texts.subList(0, 31))
                .isNotEqualTo(texts.subList(0, 31));
    }

    @Test
    void shouldGoOnFromAnyPlaceAsIfFromTheBeginning() throws IOException {
        // Given more texts than one block holds
        Path lines = write(
                "lines.txt",
                IntStream.range(0, 10_050).mapToObj(i -> "text " + i).toList());
        TextFiles files = TextFiles.open(files(lines), 2, 5, 0);
        List<String> all = texts(files, 0);

        // When / Then
        for (int place : new int[] {1, 9_999, 10_000, 10_049, 10_050, 20_060, 20_100}) {
            assertThat(texts(files, place)).isEqualTo(all.subList(place, all.size()));
        }
    }

    @Test
    void shouldReadEachFileOnceAnEpochHoweverManyBlocksItHolds() throws IOException {
        // Given five blocks
        Path lines = write(
                "lines.txt",
                IntStream.range(0, 45_000).mapToObj(i -> "text " + i).toList());
        List<DataFile> opened = new ArrayList<>();
        TextFiles files = TextFiles.open(files(lines), 2, 5, 0, new MemoryBudget(100_000_000), file -> {
            opened.add(file);
            return file.lines();
        });
        opened.clear();

        // When
        List<String> texts = texts(files, 0);

        // Then
        assertThat(texts).hasSize(90_000);
        assertThat(opened).containsExactlyElementsOf(files(lines, lines));
    }

    @Test
    void shouldHoldSomeTextsOutOfEveryEpoch() throws IOException {
        // Given
        Path lines = write(
                "lines.txt", IntStream.range(0, 300).mapToObj(i -> "text " + i).toList());

        // When
        TextFiles files = TextFiles.open(files(lines), 2, 1, 0.1);

        // Then
        List<String> all = texts(files, 0);
        assertThat(files.heldOut()).hasSizeBetween(10, 60);
        assertThat(files.textsPerEpoch()).isEqualTo(300 - files.heldOut().size());
        assertThat(all).hasSize(2 * (int) files.textsPerEpoch()).doesNotContainAnyElementsOf(files.heldOut());
        assertThat(texts(files, 250)).isEqualTo(all.subList(250, all.size()));
        assertThat(files.sha256())
                .isNotEqualTo(TextFiles.open(files(lines), 2, 1, 0.2).sha256());
    }

    @Test
    void shouldRefuseTooFewTextsToTrainAndTestOn() throws IOException {
        // Given
        Path one = write("one.txt", List.of("the only text"));

        // When / Then
        assertThatThrownBy(() -> TextFiles.open(files(one), 1, 0, 1e-9))
                .hasMessage(
                        "the files [" + one + "] must hold texts to train on and others to test on, got 1 texts with a"
                                + " held-out share of 1.0E-9: 1 are left to train on, 0 to test on. Give more texts or another share.");
        assertThatThrownBy(() -> TextFiles.open(files(one), 1, 0, 0.999999))
                .hasMessageContaining("0 are left to train on, 1 to test on.");
    }

    @Test
    void shouldRefuseAPipeThatCannotBeReadTwice() throws Exception {
        // Given
        Path pipe = NamedPipe.holding(folder.resolve("pipe"), "text\n");

        // When / Then
        assertThatThrownBy(() -> TextFiles.open(files(pipe), 1, 0, 0))
                .hasMessage(pipe + " must be a file, because it is read several times, got a pipe. Save it as a file"
                        + " first.");
    }

    @Test
    void shouldRefuseABadLineBeforeAnyTraining() throws IOException {
        // Given
        Path json = write("texts.jsonl", List.of("{\"id\":\"1\",\"text\":\"good\"}", "{\"id\":\"2\",\"text\":\" \"}"));

        // When / Then
        assertThatThrownBy(() -> TextFiles.open(files(json), 1, 0, 0))
                .hasMessage(json + " line 2: text: expected a text, got none");
        assertThatThrownBy(() -> TextFiles.open(files(write("empty.txt", List.of())), 1, 0, 0))
                .hasMessageContaining("must hold at least one text, got none");
    }

    @Test
    void shouldRefuseBlocksThatDoNotFitIntoMemory() throws IOException {
        // Given 10,001 texts, of which a block holds 10,000
        Path small =
                write("small.txt", IntStream.range(0, 10_001).mapToObj(i -> "t").toList());
        Path large = write("large.txt", List.of("t".repeat(2_000_000)));

        // When / Then
        assertThat(TextFiles.open(files(small, small), 1, 0, 0, new MemoryBudget(3_100_000), DataFile::lines)
                        .textsPerEpoch())
                .isEqualTo(20_002);
        assertThatThrownBy(() ->
                        TextFiles.open(files(small, large), 1, 0, 0, new MemoryBudget(3_100_000), DataFile::lines))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(large + " line 1: what is kept in memory up to here takes more than");
    }

    @Test
    void shouldReadTablesByTheColumnThatWasNamed() throws IOException {
        // Given
        Path table = write("posts.csv.data", List.of("nr;body;title", "1;\"one; two\";T", "2;three;U"));
        DataFile bodies = table(table, "body");

        // When
        TextFiles read = TextFiles.open(List.of(bodies), 1, 0, 0);

        // Then
        assertThat(texts(read, 0)).containsExactlyInAnyOrder("one; two", "three");
        assertThat(read.sha256())
                .isNotEqualTo(
                        TextFiles.open(List.of(table(table, "title")), 1, 0, 0).sha256());
    }

    @Test
    void shouldRefuseStandardInput() {
        assertThatThrownBy(() -> TextFiles.open(List.of(DataFile.texts(Path.of("-"))), 1, 0, 0))
                .hasMessageStartingWith("standard input must be a file, because it is read several times");
    }

    @Test
    void shouldRefuseALineThatIsNotUtf8() throws IOException {
        // Given
        Path file = Files.write(
                folder.resolve("latin.txt"), new byte[] {'a', '\r', '\n', ' ', '\n', 'b', (byte) 0xe9, '\n'});

        // When / Then
        assertThatThrownBy(() -> TextFiles.open(files(file), 1, 0, 0))
                .hasMessage(file + " line 3: expected UTF-8, got a malformed byte sequence. Save the file as UTF-8");
    }

    private static DataFile table(Path file, String column) {
        return new DataFile(
                file.toString(),
                FileFormat.CSV,
                Delimiter.SEMICOLON,
                TableColumns.ofTextsAlone(Map.of(ExampleField.TEXT, column)));
    }

    private static List<DataFile> files(Path... files) {
        return Stream.of(files).map(DataFile::texts).toList();
    }

    private static List<String> texts(TextFiles files, long place) {
        List<UnlabelledText> texts = new ArrayList<>();
        files.from(place).forEachRemaining(texts::add);
        return texts.stream().map(UnlabelledText::text).collect(Collectors.toList());
    }

    private Path write(String name, List<String> lines) throws IOException {
        return Files.write(folder.resolve(name), lines);
    }
}
