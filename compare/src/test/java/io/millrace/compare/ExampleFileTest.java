package io.millrace.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingest.file.DataFile;
import io.millrace.ingest.file.MemoryBudget;
import io.millrace.schemas.NamedPipe;
import io.millrace.schemas.store.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

class ExampleFileTest {

    private static final int BOMB_LINES = 2_000_000;

    @TempDir
    private Path folder;

    @Test
    void shouldStopReadingAFileThatExpandsToMoreThanMemory() throws IOException {
        // Given some kilobytes that hold 80 megabytes of examples
        Path bomb = bomb();

        // When / Then
        assertThat(Files.size(bomb)).isLessThan(1 << 19);
        assertThatThrownBy(() ->
                        ExampleFile.stream(DataFile.examples(bomb), Long.MAX_VALUE, false, new MemoryBudget(1 << 20)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        bomb + " line 3427: what is kept in memory up to here takes more than the 1048576");
    }

    @Test
    void shouldReadTheFirstExamplesOfAnyFile() throws IOException {
        // Given
        Path bomb = bomb();

        // When
        ExampleFile file = ExampleFile.stream(DataFile.examples(bomb), 3000, false, new MemoryBudget(1 << 20));

        // Then
        assertThat(file.examples()).hasSize(3000);
    }

    @Test
    void shouldReadAPipeAndHashWhatItHeld() throws Exception {
        // Given
        String line = "{\"id\":\"1\",\"text\":\"t\",\"label\":\"l\"}\n";
        Path file = Files.writeString(folder.resolve("file.jsonl"), line.repeat(3));
        Path pipe = NamedPipe.holding(folder.resolve("pipe"), line.repeat(3));

        // When
        ExampleFile read = ExampleFile.stream(DataFile.examples(pipe), 2, false, new MemoryBudget(1 << 20));

        // Then
        assertThat(read.examples()).hasSize(2);
        assertThat(read.sha256()).isEqualTo(Sha256.of(file));
    }

    @Test
    void shouldReadAsIngestReads() throws IOException {
        // Given
        Path twice = Files.writeString(
                folder.resolve("twice.jsonl"), "{\"id\":\"1\",\"text\":\"t\",\"label\":\"a\",\"label\":\"b\"}\n");
        Path number = Files.writeString(
                folder.resolve("number.jsonl"), "\uFEFF{\"id\":\"1\",\"text\":\" t \",\"label\":3}\n");

        // When / Then
        assertThatThrownBy(() -> ExampleFile.stream(DataFile.examples(twice), 9, false, new MemoryBudget(1 << 20)))
                .hasMessage(twice + " line 1: expected every field once, got \"label\" twice");
        assertThatThrownBy(() -> ExampleFile.stream(DataFile.examples(number), 9, false, new MemoryBudget(1 << 20)))
                .hasMessageStartingWith(number + " line 1: label: expected a string, got JSON type number");
        assertThat(ExampleFile.stream(DataFile.examples(number), 9, true, new MemoryBudget(1 << 20))
                        .examples())
                .containsExactly(ExampleLines.example("1", "t", "3.0"));
    }

    private Path bomb() throws IOException {
        Path file = folder.resolve("bomb.jsonl.gz");
        byte[] line = "{\"id\":\"1\",\"text\":\"t\",\"label\":\"l\"}\n".getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < BOMB_LINES; i++) {
                out.write(line);
            }
        }
        return file;
    }
}
