package io.millrace.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.json.Json;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A command that prints information prints it as JSON too. */
class JsonOptionTest extends CommandRun {

    private static final String SERVICE = "runs until it is stopped; its figures are at /metrics";

    /** Those without it, and why. */
    private static final Map<String, String> WITHOUT = Map.ofEntries(
            Map.entry("demo", "shows a stream to people; the same figures are on the topics and at /metrics"),
            Map.entry("encoder download", "writes an encoder; encoder check describes it in JSON"),
            Map.entry("encoder import-onnx", "writes an encoder; encoder check describes it in JSON"),
            Map.entry("init", "writes a configuration, and asks"),
            Map.entry("local", SERVICE),
            Map.entry("broker", SERVICE),
            Map.entry("ingest", SERVICE),
            Map.entry("trainer", SERVICE),
            Map.entry("evaluator", SERVICE),
            Map.entry("top", "shows /api/state of the live page, which is JSON"),
            Map.entry("compare", "writes runs.csv for programs"),
            Map.entry("pretrain", "writes an encoder; its progress is for people"),
            Map.entry("completion", "prints a script"));

    @Test
    void shouldBeOnEveryOtherCommand() {
        // When
        Set<String> without = Commands.all().entrySet().stream()
                .filter(command -> Commands.json(command.getValue()).isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());

        // Then
        assertThat(without).containsExactlyInAnyOrderElementsOf(WITHOUT.keySet());
    }

    @Test
    void shouldPrintOneObjectAndNothingElse() throws Exception {
        // When
        int exitCode = run("doctor", "--json");

        // Then
        assertThat(out.toString().lines()).hasSize(1);
        assertThat(Json.mapper().readTree(out.toString()).path("findings").size())
                .isEqualTo(4);
        assertThat(Json.mapper()
                        .readTree(out.toString())
                        .at("/findings/0/level")
                        .asText())
                .isIn("ok", "warn");
        assertThat(exitCode).isZero();
    }
}
