package io.millrace.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Holds docs/commands.md to the code. {@code -Dmillrace.writeDocs=true} writes it. */
class CommandsDocumentTest {

    @Test
    void shouldBeMadeFromTheCommands() throws IOException {
        // Given
        Path document = Path.of(System.getProperty("millrace.root"), "docs", "commands.md");
        String page = CommandReference.page();
        if (Boolean.getBoolean("millrace.writeDocs")) {
            Files.writeString(document, page);
        }

        // Then
        assertThat(Files.readString(document))
                .as("docs/commands.md; to write it: ./mvnw test -pl app -am -Dtest=CommandsDocumentTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dmillrace.writeDocs=true")
                .isEqualTo(page);
    }
}
