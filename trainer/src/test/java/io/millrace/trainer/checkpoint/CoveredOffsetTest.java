package io.millrace.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class CoveredOffsetTest {

    @TempDir
    private Path store;

    @Test
    void shouldReadWhatWasWritten() {
        // Given
        CoveredOffset covered = new CoveredOffset("checkpoint-000002", 3, 69);

        // When
        boolean written = covered.write(store, "intent");

        // Then
        assertThat(written).isTrue();
        assertThat(CoveredOffset.read(store, "intent")).contains(covered);
        assertThat(covered.isOf("checkpoint-000002", 3)).isTrue();
        assertThat(covered.isOf("checkpoint-000004", 3)).isFalse();
        assertThat(covered.isOf("checkpoint-000002", 4)).isFalse();
        assertThat(covered.isOf(null, 3)).isFalse();
    }

    @Test
    void shouldReadThatATaskHasNoCheckpoint() {
        // Given
        CoveredOffset covered = new CoveredOffset(null, 3, 69);

        // When
        covered.write(store, "intent");

        // Then
        assertThat(CoveredOffset.read(store, "intent")).contains(covered);
        assertThat(covered.isOf(null, 3)).isTrue();
    }

    @Test
    void shouldSayNothingWhenTheFileIsMissingOrTorn() throws IOException {
        // Given
        Path directory = Files.createDirectory(store.resolve("torn"));
        Files.writeString(directory.resolve("covered.json"), "{\"checkpoint\":\"checkpo");

        // When / Then
        assertThat(CoveredOffset.read(store, "missing")).isEmpty();
        assertThat(CoveredOffset.read(store, "torn")).isEmpty();
    }

    @Test
    void shouldContinueWhenItCannotBeWritten() throws IOException {
        // Given a file where the directory should be
        Files.writeString(store.resolve("intent"), "");

        // When / Then
        assertThat(new CoveredOffset("a", 0, 1).write(store, "intent")).isFalse();
    }
}
