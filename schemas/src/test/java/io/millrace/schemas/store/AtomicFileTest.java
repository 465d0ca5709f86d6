package io.millrace.schemas.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class AtomicFileTest {

    @TempDir
    private Path folder;

    @Test
    void shouldWriteAFileIntoADirectoryThatIsMissing() throws IOException {
        // Given
        Path file = folder.resolve("a/b/file.txt");

        // When
        AtomicFile.write(file, "caf\u00e9");

        // Then
        assertThat(file).hasBinaryContent("caf\u00e9".getBytes(UTF_8));
        assertThat(names(file.getParent())).containsExactly("file.txt");
    }

    @Test
    void shouldReplaceAFile() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("file.txt"), "a longer text of before");

        // When
        AtomicFile.write(file, new ByteArrayInputStream(new byte[] {1, 2, 3}));

        // Then
        assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(names(folder)).containsExactly("file.txt");
    }

    @Test
    void shouldLeaveTheFormerFileAndNothingElseWhenItCannotRead() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("file.txt"), "former");
        InputStream closed = Files.newInputStream(file);
        closed.close();
        InputStream torn = new SequenceInputStream(new ByteArrayInputStream(new byte[100]), closed);

        // When / Then
        assertThatThrownBy(() -> AtomicFile.write(file, torn)).isInstanceOf(IOException.class);
        assertThat(file).hasContent("former");
        assertThat(names(folder)).containsExactly("file.txt");
    }

    @Test
    void shouldNameATemporaryDirectoryBesideItsTarget() {
        // Given
        Path target = folder.resolve("model");

        // When
        Path one = AtomicFile.temporary(target);
        Path other = AtomicFile.temporary(target);

        // Then
        assertThat(one).isNotEqualTo(other);
        assertThat(one.getParent()).isEqualTo(folder);
        assertThat(one.getFileName().toString()).startsWith(".tmp-model-");
    }

    @Test
    void shouldDeleteLeftoversAndNothingElse() throws IOException {
        // Given
        Files.writeString(folder.resolve("model"), "whole");
        Files.writeString(AtomicFile.temporary(folder.resolve("model")), "half");
        Files.writeString(
                Files.createDirectory(AtomicFile.temporary(folder.resolve("encoder")))
                        .resolve("inner"),
                "half");

        // When
        AtomicFile.deleteLeftovers(folder);
        AtomicFile.deleteLeftovers(folder.resolve("missing"));

        // Then
        assertThat(names(folder)).containsExactly("model");
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(child -> child.getFileName().toString()).toList();
        }
    }
}
