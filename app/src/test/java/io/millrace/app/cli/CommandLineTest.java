package io.millrace.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.MillraceMain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

class CommandLineTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void shouldListAllCommands() {
        // When
        int exitCode = run("--help");

        // Then
        assertThat(exitCode).isZero();
        assertThat(List.of(
                        "demo",
                        "local",
                        "ingest",
                        "trainer",
                        "evaluator",
                        "produce",
                        "probes load",
                        "checkpoints list",
                        "checkpoints show",
                        "models list",
                        "models explain",
                        "models promote",
                        "models rollback",
                        "models hold",
                        "models release",
                        "models compare",
                        "models history",
                        "predict",
                        "compare",
                        "rejected list",
                        "doctor"))
                .allSatisfy(command -> assertThat(out.toString()).contains("\n  " + command + "  "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "local",
                "ingest",
                "trainer",
                "evaluator",
                "produce",
                "probes",
                "probes load",
                "checkpoints",
                "checkpoints list",
                "checkpoints show",
                "models",
                "models list",
                "models explain",
                "models promote",
                "models rollback",
                "models hold",
                "models release",
                "models compare",
                "models history",
                "predict",
                "compare",
                "rejected",
                "rejected list",
                "doctor"
            })
    void shouldHelpWithEveryCommand(String command) {
        // When
        int exitCode = run((command + " --help").split(" "));

        // Then
        assertThat(exitCode).isZero();
        assertThat(out.toString())
                .startsWith("Usage: millrace " + command + " ")
                .contains("Exit codes:");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void shouldTellItsVersion() {
        // When
        int exitCode = run("--version");

        // Then
        assertThat(exitCode).isZero();
        assertThat(out.toString()).startsWith("millrace ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unheard-of",
                "--unheard-of",
                "probes",
                "checkpoints",
                "demo --unheard-of",
                "demo --limit 0",
                "demo --limit few",
                "demo --method smarter",
                "demo --device tpu",
                "ingest",
                "produce",
                "produce file.jsonl",
                "produce file.jsonl --task intent --rate 0",
                "produce file.jsonl --task intent --bootstrap-server a:1 --config b.yaml",
                "produce file.jsonl --task intent --prefix Ours-",
                "probes load file.jsonl --task intent --set known --distribution in --prefix rejected-",
                "probes load file.jsonl --task intent --set known --distribution inside",
                "probes load file.jsonl --task intent --set a/b --distribution in",
                "probes load file.jsonl --task Intent! --set known --distribution in",
                "produce file.jsonl --task intent --wait -1",
                "demo --port 70000",
                "local --config nowhere.yaml --port -1",
                "local --config nowhere.yaml --metrics-port 70000",
                "trainer --config nowhere.yaml --metrics-port 70000",
                "rank --encoder dir --texts a.txt --limit 0",
                "produce file.jsonl --task intent --bad-lines keep",
                "produce file.jsonl --task intent --dry-run",
                "produce file.jsonl --task intent --format xml",
                "produce file.jsonl --task intent --label category",
                "produce file.csv --task intent --format jsonl --attribute shop",
                "produce file.csv --task intent --texts --label category",
                "produce file.csv --task intent --texts --attribute shop",
                "probes load file.jsonl --task intent --set known --distribution in --id ticket",
                "checkpoints list",
                "models",
                "models compare a --task intent",
                "models compare a b --task intent",
                "models compare a b --task intent --limit 1",
                "models history --task intent",
                "checkpoints list --store a --data b",
                "models explain --task intent",
                "models list",
                "models list --task Intent!",
                "models list --task intent --rows 0",
                "models promote --task intent --reason why",
                "models promote checkpoint-000100 --task intent",
                "models promote ../checkpoint --task intent --reason why",
                "models hold --task intent --reason why --wait -1",
                "models hold --task intent --reason why --by \u202Ealice",
                "models release checkpoint-000100 --task intent --reason why",
                "rejected",
                "rejected list --task intent",
                "rejected list --task intent --config nowhere.yaml --rows 0",
                "rejected list --task intent --config nowhere.yaml --reason dislike",
                "doctor --task intent",
                "predict text",
                "predict --model champion text",
                "predict --model champion --task intent --config nowhere.yaml --checkpoint dir text",
                "predict --checkpoint dir --device tpu text",
                "predict --checkpoint dir --pair one two three",
                "compare --stream a.jsonl --probe known=b.jsonl --methods plain",
                "compare --stream a.jsonl --probe b.jsonl --methods plain --out c",
                "compare --stream a.jsonl --probe test-then-train=b.jsonl --methods plain --out c",
                "compare --stream a.jsonl --probe known=b.jsonl known=c.jsonl --methods plain --out c",
                "compare --stream a.jsonl --probe known=b.jsonl --methods plain --seeds 1,1 --out c",
                "compare --stream a.jsonl --probe known=b.jsonl --methods plain --seeds one --out c",
                "compare --stream a.jsonl --probe known=b.jsonl --methods plain --limit 0 --out c",
                "compare --stream a.jsonl --probe known=b.jsonl --methods plain --evaluations 0 --out c",
                "compare --stream a.jsonl --probe known=b.jsonl --methods plain --regression --labels a,b --out c"
            })
    void shouldExitWithTwoOnWrongUsage(String arguments) {
        // When
        int exitCode = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));

        // Then
        assertThat(exitCode).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .startsWith("millrace: ")
                .contains("Try: millrace")
                .doesNotContain("\tat ");
    }

    @Test
    void shouldExitWithTwoOnAWrongConfiguration() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("millrace.yaml"), "tusks: {}");

        // When
        int exitCode = run("trainer", "--config", file.toString());

        // Then
        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString().strip())
                .isEqualTo("millrace: " + file
                        + ": unknown key tusks. Known keys there: ingest, kafka, metrics, store, tasks.");
    }

    @Test
    void shouldExitWithOneWhenAFileIsMissing() {
        // When
        int exitCode = run("produce", folder.resolve("nowhere.jsonl").toString(), "--task", "intent");

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString().strip())
                .isEqualTo("millrace: cannot read " + folder.resolve("nowhere.jsonl") + ": there is no such file.");
    }

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
    @ValueSource(
            strings = {
                "demo --data FILE",
                "local --config nowhere.yaml --data FILE",
                "pretrain --texts a.txt --config b.yaml --out FILE",
                "compare --stream a.jsonl --probe known=b.jsonl --methods plain --out FILE"
            })
    void shouldWriteToADirectoryAlone(String arguments) throws IOException {
        // Given
        Path file = Files.createFile(folder.resolve("file"));

        // When
        int exitCode = run(arguments.replace("FILE", file.toString()).split(" "));

        // Then
        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains(" must be a directory, got " + file + ", which is a file");
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

    @Test
    void shouldExitWithOneWhenThereIsNoCheckpoint() {
        // When
        int exitCode = run("checkpoints", "show", folder.toString());

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString().strip())
                .isEqualTo("millrace: " + folder + " is no checkpoint: it has no manifest.json.");
    }

    @Test
    void shouldPrintAStackTraceOnlyWhenAsked() {
        // When
        run("checkpoints", "show", folder.toString(), "--verbose");

        // Then
        assertThat(err.toString()).contains("\tat io.millrace.app");
    }

    private int run(String... args) {
        return MillraceMain.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
