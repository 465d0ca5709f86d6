package io.millrace.local.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.produce.MemoryBudget;
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
        assertThatThrownBy(() -> ExampleFile.stream(bomb, Long.MAX_VALUE, new MemoryBudget(1 << 20)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        bomb + " line 3427: what is kept in memory up to here takes more than the 1048576");
    }

    @Test
    void shouldReadTheFirstExamplesOfAnyFile() throws IOException {
        // Given
        Path bomb = bomb();

        // When
        ExampleFile file = ExampleFile.stream(bomb, 3000, new MemoryBudget(1 << 20));

        // Then
        assertThat(file.examples()).hasSize(3000);
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
