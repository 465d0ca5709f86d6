package io.millrace.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.ingest.file.DataFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A whole comparison with the trainer's learner, on a handful of examples. */
class LearnerModelTest {

    @TempDir
    private Path folder;

    @Test
    void shouldTrainWithTheTrainersOwnCode() throws IOException {
        // Given
        StringWriter out = new StringWriter();
        Path stream = ExampleLines.write(folder.resolve("stream.jsonl"), "good=yes", "bad=no", "fine=yes", "poor=no");
        Map<String, DataFile> probes = Map.of(
                "known",
                DataFile.examples(ExampleLines.write(folder.resolve("known.jsonl"), "very good=yes", "very bad=no")),
                "strange",
                DataFile.examples(ExampleLines.write(folder.resolve("strange.jsonl"), "seven o'clock")));
        Path encoder = Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert");
        Path config = Files.writeString(folder.resolve("training.yaml"), "encoder: " + encoder + "\n");

        // When
        Comparison.run(
                new CompareOptions(
                        new CompareOptions.Data(
                                DataFile.examples(stream),
                                Long.MAX_VALUE,
                                probes,
                                CompareOptions.ComparedTask.of(List.of(), false)),
                        MethodChoice.parseAll(
                                List.of("plain", "experience-replay:batching.batchSize=2", "lora:tuning.rank=2")),
                        List.of(7L),
                        Optional.of(BaseTraining.read(config)),
                        shipped -> fail("the configuration names an encoder"),
                        5,
                        new CompareOptions.Destination(folder.resolve("out"), true, "./millrace compare")),
                new PrintWriter(out, true));

        // Then
        assertThat(out.toString().lines()).hasSize(3);
        assertThat(Files.readString(folder.resolve("out/table.md")))
                .contains("    ./millrace compare")
                .contains("| test-then-train | plain | 1 |");
        assertThat(folder.resolve("out/models/plain-7")).isDirectoryContaining("glob:**/model.safetensors");
        assertThat(folder.resolve("out/models/plain-7")).isDirectoryNotContaining("glob:**/optimizer.safetensors");
        try (Stream<Path> files = Files.list(folder.resolve("out/models/lora_tuning.rank=2-7"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json");
        }
    }
}
