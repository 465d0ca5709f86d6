package io.millrace.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.MillraceMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** The whole command with the shipped encoder, on a handful of examples. */
class LearnerStudentTest {

    @TempDir
    private Path folder;

    @Test
    void shouldTrainWithTheTrainersOwnCode() throws IOException {
        // Given
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Path stream = ExampleLines.write(folder.resolve("stream.jsonl"), "good=yes", "bad=no", "fine=yes", "poor=no");
        Path known = ExampleLines.write(folder.resolve("known.jsonl"), "very good=yes", "very bad=no");
        Path strange = ExampleLines.write(folder.resolve("strange.jsonl"), "seven o'clock");

        // When
        int exitCode = MillraceMain.run(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                "compare",
                "--stream=" + stream,
                "--probe=known=" + known,
                "--probe=strange=" + strange,
                "--methods=plain,experience-replay:batching.batchSize=2",
                "--seeds=7",
                "--save-model",
                "--out=" + folder.resolve("out"));

        // Then
        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isZero();
        assertThat(out.toString().lines()).hasSize(2);
        assertThat(Files.readString(folder.resolve("out/table.md")))
                .contains("    ./millrace compare --stream=" + stream)
                .contains("| test-then-train | plain | 1 |");
        assertThat(folder.resolve("out/models/plain-7")).isDirectoryContaining("glob:**/model.safetensors");
        assertThat(folder.resolve("out/models/plain-7")).isDirectoryNotContaining("glob:**/optimizer.safetensors");
    }
}
