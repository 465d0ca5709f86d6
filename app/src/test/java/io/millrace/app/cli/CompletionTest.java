package io.millrace.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The script, run by bash. */
class CompletionTest extends CommandRun {

    private Path script;

    @BeforeEach
    void writeScript() throws IOException {
        run("completion");
        script = Files.writeString(folder.resolve("completion.sh"), out.toString());
    }

    @Test
    void shouldBeValidBash() throws Exception {
        assertThat(bash("bash -n " + script)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "./millrace topi, topics",
        "millrace tail model-u, model-updates",
        "millrace rejected replay --dry, --dry-run",
        "millrace models list --js, --json"
    })
    void shouldCompleteCommandsOptionsAndTopics(String typed, String completed) throws Exception {
        // Given a shell that has just been asked to complete
        String words = "source " + script + "; COMP_WORDS=(" + typed + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                + " _complete_millrace 2>/dev/null; echo \"${COMPREPLY[@]}\"";

        // Then
        assertThat(bash(words).strip()).isEqualTo(completed);
    }

    private static String bash(String command) throws Exception {
        Process process = new ProcessBuilder("bash", "-c", command)
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return printed;
    }
}
