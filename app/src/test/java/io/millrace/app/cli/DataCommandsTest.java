package io.millrace.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What {@code produce} and {@code probes load} do with the data that they are given. */
class DataCommandsTest extends CommandRun {

    @Test
    void shouldExitWithOneWhenAProbeIsWrong() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("probes.jsonl"), "{\"id\": \"1\", \"text\": \"hello\"}\n");

        // When
        int exitCode =
                run("probes", "load", file.toString(), "--task", "intent", "--set", "known", "--distribution", "in");

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString().strip())
                .isEqualTo("millrace: " + file + " line 1: label: expected a label, got none");
    }

    @Test
    void shouldSendNothingOfAFileThatIngestWouldReject() throws IOException {
        // Given
        Path csv = Files.writeString(folder.resolve("films.txt"), "id,text,label\n1,a film,good\n");

        // When
        int exitCode = run("produce", csv.toString(), "--task", "mood");

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .hasSize(3)
                .first()
                .asString()
                .startsWith(csv + " line 1: expected one JSON object, got what is no JSON at character 1");
        assertThat(err.toString().lines())
                .last()
                .isEqualTo("millrace: " + csv + ": 2 of 2 lines would be rejected, so nothing was sent. Mend them, or"
                        + " leave them out with --bad-lines skip.");
    }

    @Test
    void shouldSendNothingThatTheTaskDoesNotTake() throws IOException {
        // Given
        Path config = config();
        Path examples = Files.writeString(
                folder.resolve("films.jsonl"),
                "{\"id\":\"1\",\"text\":\"a\",\"label\":\"good\"}\n{\"id\":\"2\",\"text\":\"b\",\"label\":\"fine\"}\n");

        // When
        int exitCode = run("produce", examples.toString(), "--task", "mood", "--config", config.toString());

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString())
                .startsWith(examples + " line 2: label: expected one of the 2 labels of task mood, got ")
                .contains("1 of 2 lines would be rejected");
    }

    @Test
    void shouldTellByReasonWhatTheTaskWouldReject() throws IOException {
        // Given
        Path table = Files.writeString(
                folder.resolve("films.csv"),
                "ticket,body,mood,shop\n1,a film,good,X\n2,\"a \nfilm\",fine,X\n3,a film,FINE,X\n4,,bad,X\n5,six\n6,b,bad,\n");
        List<String> command = List.of("produce", table.toString(), "--task", "mood", "--config", config().toString());
        List<String> options = List.of("--dry-run", "--id=ticket", "--text=body", "--label=mood", "--attribute=shop");

        // When
        int exitCode = run(Stream.of(command, options).flatMap(List::stream).toArray(String[]::new));

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("reason         lines  the first"),
                        line -> assertThat(line)
                                .startsWith("unknown-label      2  " + table
                                        + " row 3: label: expected one of the 2 labels"),
                        line -> assertThat(line)
                                .isEqualTo(
                                        "empty-text         1  " + table + " row 5: text: expected a text, got none"),
                        line -> assertThat(line)
                                .startsWith("wrong-fields       1  " + table
                                        + " row 6: expected 4 fields as in the header"),
                        line -> assertThat(line)
                                .isEqualTo("task mood would accept 2 of 6 examples and reject 4; nothing was sent"));
    }

    @Test
    void shouldExitWithZeroWhenTheTaskWouldTakeAll() throws IOException {
        // Given
        Path table = Files.writeString(folder.resolve("films.data"), "id\ttext\tlabel\n1\ta film\tgood\n");

        // When
        int exitCode = run(
                "produce",
                table.toString(),
                "--task",
                "mood",
                "--config",
                config().toString(),
                "--format",
                "tsv",
                "--dry-run");

        // Then
        assertThat(exitCode).isZero();
        assertThat(out.toString().strip())
                .isEqualTo("task mood would accept 1 of 1 examples and reject 0; nothing was sent");
    }

    @Test
    void shouldRefuseAProbeThatIsARowOfAnotherLength() throws IOException {
        // Given
        Path table = Files.writeString(folder.resolve("probes.csv"), "id,text,label\n1,hello,hi\n2,hello, you,hi\n");

        // When
        int exitCode =
                run("probes", "load", table.toString(), "--task", "intent", "--set", "known", "--distribution", "in");

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString().strip())
                .isEqualTo("millrace: " + table + " row 3: expected 3 fields as in the header, got 4. Quote fields that"
                        + " hold a delimiter or a line end");
    }

    @Test
    void shouldTellForWhichLinesAProbeSetWouldBeRefused() throws IOException {
        // Given
        Path table = Files.writeString(
                folder.resolve("probes.csv"), "id,text,label\n1,a film,good\n2,,bad\n1,again,bad\n3,new,fine\n4,b\n");
        String command =
                "probes load " + table + " --task mood --set known --distribution in --dry-run --config " + config();

        // When
        int exitCode = run(command.split(" "));

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString().lines().toList())
                .contains(
                        "conflicting-id      1  " + table
                                + " row 4: id: expected one that is unique in the probe set, got \"1\" again",
                        "empty-text          1  " + table + " row 3: text: expected a text, got none",
                        "probe set known of task mood could have 2 of 5 lines; nothing was sent")
                .anyMatch(line -> line.startsWith("wrong-fields        1  "));
    }

    @Test
    void shouldSendNothingOfAnEmptyFile() throws IOException {
        // Given
        Path empty = Files.createFile(folder.resolve("empty.jsonl"));

        // When
        int exitCode = run("produce", empty.toString(), "--task", "mood");

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString().strip()).isEqualTo("millrace: " + empty + " must hold at least one line, got none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"produce", "probes load"})
    void shouldNameTheTasksWhenTheOneGivenIsNone(String command) throws IOException {
        // Given
        Path config = config();
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of("films.jsonl", "--task", "moot", "--config", config.toString()));
        if (command.equals("probes load")) {
            arguments.addAll(List.of("--set", "known", "--distribution", "in"));
        }

        // When
        int exitCode = run(arguments.toArray(String[]::new));

        // Then
        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString().strip())
                .isEqualTo("millrace: " + config + " has no task moot. Its tasks: mood, tone.");
    }

    private Path config() throws IOException {
        return Files.writeString(
                folder.resolve("millrace.yaml"),
                "tasks: {mood: {labels: [bad, good], training: {encoder: e}},"
                        + " tone: {labels: [bad, good], training: {encoder: e}}}");
    }
}
