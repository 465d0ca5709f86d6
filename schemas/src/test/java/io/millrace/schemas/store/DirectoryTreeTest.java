package io.millrace.schemas.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class DirectoryTreeTest {

    @TempDir
    private Path folder;

    @Test
    void shouldDeleteADirectoryWithEverythingInIt() throws IOException {
        // Given
        Path tree = folder.resolve("tree");
        Files.createDirectories(tree.resolve("a/b"));
        Files.writeString(tree.resolve("a/b/file"), "text");
        Files.writeString(tree.resolve("file"), "text");

        // When
        DirectoryTree.delete(tree);

        // Then
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void shouldKeepWhatALinkPointsTo() throws IOException {
        // Given
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("file"), "text");
        Path tree = Files.createDirectory(folder.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("link"), other);
        Files.createSymbolicLink(tree.resolve("dangling"), folder.resolve("nothing"));

        // When
        DirectoryTree.delete(tree);

        // Then
        assertThat(tree).doesNotExist();
        assertThat(other.resolve("file")).hasContent("text");
    }

    @Test
    void shouldAcceptThatTheDirectoryIsGone() {
        // When / Then
        assertThatCode(() -> DirectoryTree.delete(folder.resolve("nothing"))).doesNotThrowAnyException();
    }
}
