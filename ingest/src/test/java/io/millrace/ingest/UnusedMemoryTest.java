package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.seen.SeenExamples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

class UnusedMemoryTest {

    @TempDir
    private Path stateDir;

    @Test
    void shouldRemoveStoresOfEmptyPartitionsAndNothingElse() throws IOException {
        // Given
        Path empty = Files.createDirectories(stateDir.resolve("2_1/seen-examples/seen-examples.0"));
        Files.writeString(empty.resolve("CURRENT"), "MANIFEST-000005");
        Path used = Files.createDirectories(stateDir.resolve("2_0/seen-examples"));
        Path another = Files.createDirectories(stateDir.resolve("1_1/another"));
        Path global = Files.createDirectories(stateDir.resolve("global"));
        Path file = Files.writeString(stateDir.resolve("kafka-streams-process-metadata"), "{}");

        // When
        UnusedMemory.remove(stateDir, SeenExamples.STORE, Set.of(1));

        // Then
        assertThat(stateDir.resolve("2_1")).doesNotExist();
        assertThat(used).exists();
        assertThat(another).exists();
        assertThat(global).exists();
        assertThat(file).exists();
    }

    @Test
    void shouldDoNothingBeforeTheFirstStart() {
        UnusedMemory.remove(stateDir.resolve("not-yet"), SeenExamples.STORE, Set.of(0, 1));
        assertThat(stateDir).isEmptyDirectory();
    }
}
