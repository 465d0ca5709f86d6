package io.millrace.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.compare.MethodChoice;
import io.millrace.encoder.Precision;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class StreamBenchTest {

    private static final Path BERT =
            Path.of(System.getProperty("millrace.root"), "encoder/src/test/resources/goldens/bert");

    @TempDir
    Path folder;

    @Test
    void shouldTellStepsFromCheckpoints() {
        // Given steps of 10 ms, a checkpoint after every second one, and the first two left out
        StreamRun run = new StreamRun(run(8), 2);
        List<StreamFigures.LoopStep> steps = Stream.of(100, 200, 300, 310, 323, 333, 348, 358)
                .map(end -> new StreamFigures.LoopStep(end, 8))
                .toList();

        // When
        StreamFigures figures = StreamFigures.of(List.of(7.0, 8.0, 9.0), List.of(9.0), steps, run);

        // Then
        assertThat(figures).isEqualTo(new StreamFigures(8, 9, 10, 2, List.of(3.0, 5.0), 4));
    }

    @Test
    void shouldTakeMediansOverTheRounds() throws Exception {
        // Given
        List<String> progress = new ArrayList<>();
        Path script = Files.writeString(
                folder.resolve("loop.sh"),
                "cd \"$(dirname \"$0\")\"\nn=$(cat rounds 2>/dev/null || echo 0); n=$((n + 10)); echo $n > rounds\n"
                        + "echo \"{\\\"updateMs\\\": 100, \\\"testedMs\\\": 120, \\\"loopMs\\\": 12$n, \\\"outsideMs\\\": 3,"
                        + " \\\"stallMs\\\": [$n, 50], \\\"checkpointMs\\\": $n}\"\n");

        // When the loop takes 1210 ms, then 1220
        List<StreamBench.Row> rows =
                new StreamBench(plan(8, 2), 4, run -> List.of("bash", script.toString())).run(progress::add);

        // Then
        assertThat(progress).containsExactly("plain in f32, round 1 of 2", "plain in f32, round 2 of 2");
        assertThat(rows)
                .containsExactly(new StreamBench.Row(
                        "plain",
                        "f32",
                        new Spread(100, 100, 100),
                        20,
                        1215,
                        3,
                        3,
                        4,
                        4,
                        35,
                        50,
                        35 / 1215.0,
                        50 / 1215.0,
                        15));
        assertThat(StreamTable.lines(rows))
                .containsExactly(
                        "method  type  update ms  predict ms  step ms  loop ms   loop  checkpoints  stall ms  longest  stall steps  longest  each ms",
                        "plain   f32       100.0        20.0   1215.0      3.0  3.0 %            4      35.0     50.0         0.03     0.04     15.0");
    }

    @Test
    void shouldRefuseAStreamThatIsTooShort() {
        // Then
        assertThatThrownBy(() -> new StreamBench(plan(9, 1), 4).run(progress -> {}))
                .hasMessageContaining("has 32 examples, expected at least 36");
    }

    private Bench.Plan plan(int steps, int rounds) throws IOException {
        BenchRun run = run(steps);
        Files.writeString(run.stream(), stream(32));
        return new Bench.Plan(
                run.encoder(), run.stream(), List.of(run.method()), List.of(run.precision()), run.size(), rounds);
    }

    private BenchRun run(int steps) {
        return new BenchRun(
                BERT,
                folder.resolve("stream.jsonl"),
                MethodChoice.parse("plain"),
                Precision.F32,
                new BenchRun.Size(steps, 4, 16, 1));
    }

    /** Examples as JSON lines. */
    static String stream(int examples) {
        return IntStream.range(0, examples)
                .mapToObj(i -> Json.write(new LabelledExample(
                        "e" + i, "a plot that stays", null, i % 2 == 0 ? "good" : "bad", null, null, null)))
                .collect(Collectors.joining("\n"));
    }
}
