package io.millrace.evaluator.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

class FileLinksTest {

    @TempDir
    private Path directory;

    @Test
    void shouldLinkWhereTheFileSystemCan() throws IOException {
        // Given
        Path existing = Files.writeString(directory.resolve("a"), "weights");

        // When
        new FileLinks(Files::createLink).put(existing, directory.resolve("b"));

        // Then
        assertThat(fileKey(directory.resolve("b"))).isEqualTo(fileKey(existing));
    }

    @Test
    void shouldCopyWhereTheFileSystemHasNoLinks() throws IOException {
        // Given
        Path existing = Files.writeString(directory.resolve("a"), "weights");
        FileLinks links = new FileLinks((link, target) -> {
            throw new UnsupportedOperationException("no hard links");
        });

        // When
        links.put(existing, directory.resolve("b"));

        // Then
        assertThat(directory.resolve("b")).hasContent("weights");
        assertThat(fileKey(directory.resolve("b"))).isNotEqualTo(fileKey(existing));
    }

    @Test
    void shouldCopyAcrossFileSystems() throws IOException {
        // Given
        Path existing = Files.writeString(directory.resolve("a"), "weights");
        FileLinks links = new FileLinks((link, target) -> {
            throw new FileSystemException(link.toString(), target.toString(), "Invalid cross-device link");
        });

        // When
        links.put(existing, directory.resolve("b"));

        // Then
        assertThat(directory.resolve("b")).hasContent("weights");
    }

    @Test
    void shouldSayThatAFileIsNotThere() {
        // Given
        Path missing = directory.resolve("missing");

        // When / Then
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> new FileLinks(Files::createLink).put(missing, directory.resolve("b")));
    }

    private static Object fileKey(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }
}
