package io.millrace.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class CommandLineTest extends CommandRun {

    private static final List<String> COMMANDS = List.of(
            "demo",
            "init",
            "local",
            "broker",
            "ingest",
            "trainer",
            "evaluator",
            "produce",
            "probes load",
            "probes list",
            "probes delete",
            "checkpoints list",
            "checkpoints show",
            "models list",
            "models current",
            "models explain",
            "models promote",
            "models rollback",
            "models hold",
            "models release",
            "models compare",
            "models history",
            "predict",
            "top",
            "compare",
            "bench",
            "bench stream",
            "bench latency",
            "bench ingest",
            "rejected list",
            "rejected replay",
            "topics create",
            "topics check",
            "tail",
            "doctor",
            "completion");

    /** Those that only hold others. */
    private static final List<String> GROUPS = List.of("probes", "checkpoints", "models", "rejected", "topics");

    @Test
    void shouldListAllCommands() {
        // When
        int exitCode = run("--help");

        // Then
        assertThat(exitCode).isZero();
        assertThat(COMMANDS).allSatisfy(command -> assertThat(out.toString()).contains("\n  " + command + "  "));
    }

    static Stream<String> commandsAndGroups() {
        return Stream.concat(COMMANDS.stream(), GROUPS.stream());
    }

    @ParameterizedTest
    @MethodSource("commandsAndGroups")
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
                "bench --rounds 0",
                "bench --steps 0",
                "bench --threads 0",
                "bench --methods fast",
                "bench --peer-methods fast",
                "bench --precision f8",
                "bench --max-tokens 2",
                "bench stream --steps 0",
                "bench stream --checkpoint-every 1",
                "bench stream --steps 30 --checkpoint-every 16",
                "bench latency --load 1",
                "bench latency --rate 0",
                "bench latency --seconds 0",
                "bench latency --warm-up -1",
                "bench latency --probes 0",
                "bench latency --every PT0S",
                "bench latency --every soon",
                "bench latency --max-examples -1",
                "bench latency --config nowhere.yaml --every PT2S",
                "bench ingest --records 0",
                "bench ingest --rounds 0",
                "bench ingest --rate 0",
                "bench ingest --seconds 0",
                "bench ingest --tasks 0",
                "bench ingest --ids -1",
                "bench ingest --records 600000000",
                "bench ingest --property threads",
                "produce file.jsonl --task intent --bad-lines keep",
                "produce file.jsonl --task intent --dry-run",
                "produce file.jsonl --task intent --format xml",
                "produce file.jsonl --task intent --format text",
                "produce file.jsonl --task intent --delimiter ;",
                "produce file.csv --task intent --delimiter %",
                "pretrain --texts a.txt --out c",
                "pretrain --texts a.txt --config b.yaml",
                "pretrain --texts a.txt --config b.yaml --out c --text body",
                "pretrain --texts a.csv --config b.yaml --out c --id nr",
                "pretrain --config b.yaml --out c",
                "pretrain --texts a.txt --stream --config b.yaml --task mood --out c",
                "pretrain --stream --config b.yaml --out c",
                "pretrain --stream --dry-run",
                "pretrain --texts a.txt --config b.yaml --out c --held-out 0",
                "pretrain --texts a.txt --config b.yaml --out c --held-out 0.6",
                "pretrain --texts a.txt --config b.yaml --out c --epochs 0",
                "pretrain --texts a.txt --config b.yaml --out c --epochs 0 --head-epochs 0",
                "pretrain --texts a.txt --config b.yaml --out c --head-epochs -1",
                "pretrain --texts a.txt --config b.yaml --out c --head-learning-rate 0",
                "compare --stream a.csv --probe known=b.jsonl --methods plain --task intent --out c",
                "compare --stream - --probe known=- --methods plain --out c",
                "compare --stream a.jsonl --probe known=b.jsonl --methods plain --label category --out c",
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
                "top --once --url ftp://127.0.0.1",
                "top --once --every 0",
                "top --once --width 1",
                "doctor --task intent",
                "init",
                "init nowhere.csv",
                "broker --port 70000",
                "broker --data pom.xml",
                "topics",
                "topics check --config a.yaml --bootstrap-server b:1",
                "tail",
                "tail unheard-of",
                "tail examples --lines -1",
                "tail examples --lines 10001",
                "probes list",
                "probes delete --task intent --set known --config nowhere.yaml",
                "models current",
                "checkpoints list --store a --verdicts",
                "rejected replay --task intent",
                "rejected replay --task intent --config nowhere.yaml --limit 0",
                "rejected replay --task intent --config nowhere.yaml --offsets 0:20-10",
                "rejected replay --task intent --config nowhere.yaml --offsets 7",
                "rejected replay --task intent --config nowhere.yaml --since yesterday",
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
                        + ": unknown key tusks. Known keys there: ingest, kafka, metrics, sources, store, tasks.");
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
}
