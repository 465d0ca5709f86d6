package io.millrace.schemas.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class Sha256Test {

    @Test
    void shouldGiveHashesOfTheStandard() {
        assertThat(Sha256.of("")).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(Sha256.of("abc")).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void shouldHashFileThatIsLongerThanTheBuffer(@TempDir Path directory) throws IOException {
        // Given
        String text = "ü".repeat(100_000);
        Path file = Files.writeString(directory.resolve("long"), text);

        // When
        String hash = Sha256.of(file);

        // Then
        assertThat(hash).isEqualTo(Sha256.of(text));
    }
}
