package io.millrace.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.MillraceMain;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.service.RunningService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What {@code produce} says that ingest has made of its lines. */
class ProduceIT {

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;
    private static RunningService ingest;
    private static Path config;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        config = Files.writeString(
                folder.resolve("millrace.yaml"),
                "kafka: {bootstrapServers: \"" + broker.connection().bootstrapServers() + "\"}\n"
                        + "tasks: {mood: {labels: [bad, good], training: {encoder: none}}}\n");
    }

    @AfterAll
    static void stop() {
        if (ingest != null) {
            ingest.close();
        }
        broker.close();
    }

    @Test
    void shouldTellWhatIngestHasMadeOfEachLine() throws IOException {
        // Given nothing that reads
        Path early = lines("early", line("e1", "an early film", "good"));
        assertThat(produce(early, "--config", config.toString(), "--wait", "1")).isZero();
        assertThat(out.toString())
                .contains("sent 1 examples of task mood in ", "ingest: 0 accepted, 0 rejected, 0 duplicates")
                .contains("1 are not processed yet: ingest did nothing for 1 s. They wait for it; does it run?");
        ingest = RunningService.ingest(MillraceConfig.read(config), new SimpleMeterRegistry());

        // When
        Path mixed = lines(
                "mixed",
                line("1", "a warm film", "good"),
                line("2", "a dull film", "bad"),
                line("1", "a warm film", "good"),
                line("1", "another film", "good"));
        int exitCode = produce(mixed, "--config", config.toString(), "--wait", "60");

        // Then
        assertThat(exitCode).isZero();
        assertThat(out.toString())
                .contains("ingest: 2 accepted, 1 rejected {conflicting-id=1}, 1 duplicates")
                .contains("the first rejection: id: ");

        // When a table has one of them again
        Path table = Files.writeString(
                folder.resolve("table.csv"), "label,ticket,text\ngood,1,a warm film\nbad,7,\"a \"\"cold\"\"\nfilm\"\n");
        exitCode = produce(table, "--config", config.toString(), "--id", "ticket", "--wait", "60");

        // Then
        assertThat(exitCode).isZero();
        assertThat(out.toString()).contains("ingest: 1 accepted, 0 rejected, 1 duplicates");

        // When it knows nothing of the task, and all labels are wrong
        Path wrong = lines("wrong", line("3", "a new film", "fine"), line("4", "an old film", "fine"));
        exitCode = produce(wrong, "--bootstrap-server", broker.connection().bootstrapServers(), "--wait", "60");

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(out.toString())
                .contains("ingest: 0 accepted, 2 rejected {unknown-label=2}, 0 duplicates")
                .contains("the first rejection: label: expected one of the 2 labels of task mood, got ");
    }

    private int produce(Path file, String... options) {
        out.getBuffer().setLength(0);
        List<String> arguments = new ArrayList<>(List.of("produce", file.toString(), "--task", "mood"));
        arguments.addAll(Arrays.asList(options));
        return MillraceMain.run(
                new PrintWriter(out, true), new PrintWriter(err, true), arguments.toArray(String[]::new));
    }

    private static Path lines(String name, String... lines) throws IOException {
        return Files.write(folder.resolve(name + ".jsonl"), List.of(lines));
    }

    private static String line(String id, String text, String label) {
        return "{\"id\": \"" + id + "\", \"text\": \"" + text + "\", \"label\": \"" + label + "\"}";
    }
}
