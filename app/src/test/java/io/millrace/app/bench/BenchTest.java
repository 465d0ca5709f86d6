package io.millrace.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.compare.MethodChoice;
import io.millrace.encoder.Precision;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.config.ConfigException;
import io.millrace.schemas.json.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class BenchTest {

    private static final Path BERT =
            Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert");
    private static final BenchRun.Size SIZE = new BenchRun.Size(5, 4, 16, 1);

    @TempDir
    Path folder;

    private Path stream;

    @BeforeEach
    void writeStream() throws IOException {
        stream = Files.writeString(
                folder.resolve("stream.jsonl"),
                IntStream.range(0, 20)
                        .mapToObj(i -> Json.write(new LabelledExample(
                                "e" + i, "a plot that stays", null, i % 2 == 0 ? "good" : "bad", null, null, null)))
                        .collect(Collectors.joining("\n")));
    }

    @Test
    void shouldMeasureTheLearnerInAProcessOfItsOwn() throws Exception {
        // When
        List<Bench.Row> rows = new Bench(
                        plan(
                                MethodChoice.parseAll(List.of(
                                        "se=masked-tokens+smart:objective.maskedTokens.masking=self-evolution")),
                                1),
                        Optional.empty())
                .run(progress -> {});

        // Then
        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.method()).isEqualTo("se");
            assertThat(row.precision()).isEqualTo("f32");
            assertThat(row.ours().tokensPerSecond()).isPositive();
            assertThat(row.peer()).isNull();
            assertThat(row.partMs())
                    .containsOnlyKeys("tokenize", "forward", "backward", "clip", "optimizer", "reference", "other");
            assertThat(row.partMs().get("forward")).isPositive();
            assertThat(row.stepGflop()).isPositive();
            assertThat(row.ceilingGflops()).isPositive();
            assertThat(row.ceilingShare()).isBetween(0.0, 1.0);
        });
        assertThat(BenchTable.lines(rows)).hasSize(2);
    }

    @Test
    void shouldTakeTurnsAndDivideRoundByRound() throws Exception {
        // Given: ours takes 10, then 20 ms, the peer 30 ms whenever it is asked
        List<String> progress = new ArrayList<>();
        Path peer = script(
                "echo starting\necho '{\"stepMsMedian\": 30, \"tokensPerSecond\": 900, \"peakRssMiB\": 7, \"steps\": 5}'");
        Path ours = script("n=$(cat rounds 2>/dev/null || echo 0); n=$((n + 10)); echo $n > rounds\n"
                + "echo \"{\\\"stepMsMedian\\\": $n, \\\"stepGflop\\\": 3, \\\"ceilingGflops\\\": 500,"
                + " \\\"partMs\\\": {\\\"forward\\\": $n}}\"");

        // When
        List<Bench.Row> rows = new Bench(
                        plan(MethodChoice.parseAll(List.of("plain", "mask-tuning+smart")), 2),
                        Optional.of(new Bench.Peer(List.of("bash", peer.toString()), Set.of("plain"))),
                        run -> List.of("bash", ours.toString()))
                .run(progress::add);

        // Then
        assertThat(progress)
                .containsExactly(
                        "plain in f32, round 1 of 2: ours",
                        "plain in f32, round 1 of 2: the peer",
                        "plain in f32, round 2 of 2: ours",
                        "plain in f32, round 2 of 2: the peer",
                        "mask-tuning+smart in f32, round 1 of 2: ours",
                        "mask-tuning+smart in f32, round 2 of 2: ours");
        assertThat(rows.get(0).ours().stepMs()).isEqualTo(new Spread(15, 10, 20));
        assertThat(rows.get(0).ratio()).isEqualTo(new Spread(2.25, 1.5, 3));
        assertThat(rows.get(0).peer()).isEqualTo(new Bench.Side(new Spread(30, 30, 30), 900.0, 7L));
        assertThat(rows.get(0).ceilingShare()).isEqualTo(3 / 0.015 / 500);
        assertThat(BenchTable.lines(rows))
                .containsExactly(
                        "method             type    ms  tokens/s  MiB  GFLOP  of ceiling  peer ms  tokens/s  MiB  ratio  from    to  forward",
                        "plain              f32   15.0         -    -    3.0        40 %     30.0       900    7   2.25  1.50  3.00     15.0",
                        "mask-tuning+smart  f32   35.0         -    -    3.0        17 %                                                35.0");
    }

    @Test
    void shouldTellThePeerWhatOursTrains() throws Exception {
        // Given
        BenchRun run = new BenchRun(BERT, stream, MethodChoice.parse("smart"), Precision.BF16, SIZE);

        // Then
        assertThat(TrainingLoop.peer(List.of("python3", "peer.py")).command(run))
                .containsExactly(("python3 peer.py --encoder " + BERT + " --stream " + stream
                                + " --method smart --batch 4 --max-length 16 --steps 5 --threads 1 --lr 6.0E-4 --bf16")
                        .split(" "));
    }

    @Test
    void shouldSayWhichRunFailedAndWhy() throws Exception {
        // Given
        BenchRun run = new BenchRun(BERT, stream, MethodChoice.parse("plain"), Precision.F32, SIZE);
        Path failing = script("echo Traceback >&2\necho 'ModuleNotFoundError: torch' >&2\nexit 3");
        Path silent = script("echo done");
        Path vague = script("echo '{\"steps\": 5}'");

        // Then
        assertThatThrownBy(() ->
                        TrainingLoop.peer(List.of("bash", failing.toString())).run(run))
                .hasMessageStartingWith("plain in f32: bash ended with exit code 3: ModuleNotFoundError: torch.");
        assertThatThrownBy(() ->
                        TrainingLoop.peer(List.of("bash", silent.toString())).run(run))
                .hasMessageStartingWith("plain in f32: bash printed no line of JSON");
        assertThatThrownBy(() ->
                        TrainingLoop.peer(List.of("bash", vague.toString())).run(run))
                .hasMessageContaining("stepMsMedian");
        assertThatThrownBy(() -> TrainingLoop.peer(List.of("no-such-program")).run(run))
                .hasMessageStartingWith("cannot start \"no-such-program\"")
                .hasMessageEndingWith("--peer must be a command, as \"python3 peer_trainer.py\".");
    }

    @Test
    void shouldRefuseAMethodThatIsNoneBeforeTheFirstRun() {
        // Given
        List<MethodChoice> methods =
                MethodChoice.parseAll(List.of("plain", "wrong=self-evolution:objective.maskedTokens.maskedTokens=3"));

        // Then
        assertThatThrownBy(() -> new Bench(plan(methods, 1), Optional.empty()).run(progress -> {}))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("method wrong:")
                .hasMessageContaining("objective.maskedTokens.maskedTokens");
    }

    @Test
    void shouldRefuseAStreamThatIsTooShort() {
        // Given
        Bench bench = new Bench(
                new Bench.Plan(
                        BERT,
                        stream,
                        MethodChoice.parseAll(List.of("plain")),
                        List.of(Precision.F32),
                        new BenchRun.Size(6, 4, 16, 1),
                        1),
                Optional.empty());

        // Then
        assertThatThrownBy(() -> bench.run(progress -> {}))
                .hasMessage(stream + " has 20 examples, expected at least 24: a mini-batch per step."
                        + " Give fewer --steps, a smaller --batch or a longer --stream.");
    }

    private Bench.Plan plan(List<MethodChoice> methods, int rounds) {
        return new Bench.Plan(BERT, stream, methods, List.of(Precision.F32), SIZE, rounds);
    }

    /** A script that runs in the folder of the test. */
    private Path script(String text) throws IOException {
        return Files.writeString(
                Files.createTempFile(folder, "loop", ".sh"), "cd \"$(dirname \"$0\")\"\n" + text + "\n");
    }
}
