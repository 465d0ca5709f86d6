package io.millrace.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.service.RunningService;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The commands of a person who runs a stream, in the order in which they are needed, against a real broker. */
class CommandsIT extends CommandRun {

    @Test
    void shouldCarryAPersonFromTopicsToAReplay() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
            KafkaConnection kafka = broker.connection().withPrefix("ours-");
            Path config = config(kafka, "bad, good");
            shouldCreateAndCheckTopics(kafka, config);
            shouldListAndDeleteProbes(config);
            shouldReplayOnceWhatTheConfigurationTakesNow(kafka, config);
        }
    }

    private void shouldCreateAndCheckTopics(KafkaConnection kafka, Path config) throws Exception {
        assertThat(json("topics", "check", "--config", config.toString()).path("missing"))
                .hasSize(Topics.ALL.size());
        assertThat(json("topics", "create", "--config", config.toString()).path("created"))
                .hasSize(Topics.ALL.size());
        assertThat(text("topics", "create", "--config", config.toString()))
                .isEqualTo("nothing to create\nall 12 topics are as Millrace needs them\n");
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            alter(admin, "ours-checkpoints", "retention.ms", "1000000");
            alter(admin, "ours-examples", "retention.ms", "1000");
        }
        await().untilAsserted(() -> {
            JsonNode answer = json("topics", "check", "--config", config.toString());
            assertThat(answer.path("usable").asBoolean()).isFalse();
            assertThat(answer.path("differences"))
                    .extracting(difference -> difference.path("topic").asText())
                    .containsExactly("ours-checkpoints", "ours-examples");
        });
        assertThat(text("topics", "check", "--config", config.toString()))
                .contains("FAIL  topic ours-checkpoints: retention.ms must be -1, got 1000000")
                .contains("warn  topic ours-examples: retention.ms must be 604800000, got 1000 ")
                .contains("Run: kafka-configs.sh --bootstrap-server " + kafka.bootstrapServers()
                        + " --alter --entity-type topics --entity-name ours-checkpoints --add-config retention.ms=-1");
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            alter(admin, "ours-checkpoints", "retention.ms", "-1");
            alter(admin, "ours-examples", "retention.ms", "604800000");
        }
    }

    private void shouldListAndDeleteProbes(Path config) throws Exception {
        Path probes = Files.writeString(
                folder.resolve("probes.jsonl"),
                """
                {"id": "p1", "text": "one fine hour", "label": "good"}
                {"id": "p2", "text": "one grim hour", "label": "bad"}
                """);
        for (String set : List.of("known", "other")) {
            text(
                    "probes",
                    "load",
                    probes.toString(),
                    "--task",
                    "mood",
                    "--set",
                    set,
                    "--distribution",
                    "in",
                    "--config",
                    config.toString());
        }
        JsonNode sets = json("probes", "list", "--config", config.toString()).path("sets");
        assertThat(sets).extracting(set -> set.path("name").asText()).containsExactly("known", "other");
        assertThat(sets.path(0).path("examples").asInt()).isEqualTo(2);
        assertThat(sets.path(0).path("holds").asDouble())
                .isGreaterThan(sets.path(0).path("margin").asDouble());

        assertThat(json("probes", "delete", "--task", "mood", "--set", "other", "--yes", "--config", config.toString())
                        .path("examples")
                        .asInt())
                .isEqualTo(2);
        assertThat(run("probes", "delete", "--task", "mood", "--set", "other", "--yes", "--config", config.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("task mood has no probe set other. It has known.");
        assertThat(text("probes", "list", "--config", config.toString()))
                .contains("known")
                .doesNotContain("other");
        assertThat(text("tail", "probes", "--no-follow", "--task", "mood", "-n", "2", "--config", config.toString()))
                .hasLineCount(2)
                .contains("mood/other/p1  (no value)", "mood/other/p2  (no value)");
    }

    private void shouldReplayOnceWhatTheConfigurationTakesNow(KafkaConnection kafka, Path config) throws Exception {
        Path examples = Files.writeString(
                folder.resolve("examples.jsonl"),
                """
                {"id": "a", "text": "a day", "label": "good"}
                {"id": "b", "text": "a strange day", "label": "odd"}
                {"id": "c", "text": "one fine hour", "label": "good"}
                {"id": "d", "text": "a strange night", "label": "odd"}
                """);
        try (RunningService ingest = RunningService.ingest(MillraceConfig.read(config), new SimpleMeterRegistry())) {
            assertThat(ingest.alive()).isTrue();
            assertThat(json(
                                    "produce",
                                    examples.toString(),
                                    "--task",
                                    "mood",
                                    "--bad-lines",
                                    "send",
                                    "--wait",
                                    "30",
                                    "--config",
                                    config.toString())
                            .path("ingest")
                            .path("rejectedByReason"))
                    .isEqualTo(Json.mapper().readTree("{\"in-probe-set\":1,\"unknown-label\":2}"));
        }
        assertThat(text("rejected", "replay", "--task", "mood", "--config", config.toString()))
                .contains("would reject them again: unknown-label 2", "in-probe-set 1", "sent 0 records");

        Path mended = config(kafka, "bad, good, odd");
        JsonNode planned = json("rejected", "replay", "--task", "mood", "--dry-run", "--config", mended.toString());
        assertThat(planned.path("records"))
                .extracting(record -> record.path("id").asText())
                .containsExactly("b", "d");
        assertThat(json("rejected", "replay", "--task", "mood", "--limit", "1", "--config", mended.toString())
                        .path("left")
                        .asInt())
                .isEqualTo(1);
        assertThat(json("rejected", "replay", "--task", "mood", "--config", mended.toString())
                        .path("records"))
                .extracting(record -> record.path("id").asText())
                .containsExactly("d");
        assertThat(text("rejected", "replay", "--task", "mood", "--config", mended.toString()))
                .contains("2 were sent by an earlier replay", "sent 0 records");
        try (RunningService ingest = RunningService.ingest(MillraceConfig.read(mended), new SimpleMeterRegistry())) {
            await().untilAsserted(() -> {
                assertThat(ingest.alive()).isTrue();
                assertThat(text(
                                "tail",
                                "accepted-examples",
                                "--no-follow",
                                "--from-beginning",
                                "--config",
                                mended.toString()))
                        .contains("a  good", "b  odd", "d  odd")
                        .hasLineCount(3);
            });
        }
    }

    private Path config(KafkaConnection kafka, String labels) throws IOException {
        return Files.writeString(
                folder.resolve("millrace.yaml"),
                """
                kafka: {bootstrapServers: "%s", prefix: ours-}
                store: store
                ingest: {stateDir: streams}
                tasks: {mood: {labels: [%s], training: {encoder: nowhere}}}
                """
                        .formatted(kafka.bootstrapServers(), labels));
    }

    private static void alter(Admin admin, String topic, String setting, String value) throws Exception {
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change)))
                .all()
                .get();
    }

    private String text(String... arguments) {
        out.getBuffer().setLength(0);
        run(arguments);
        return out.toString();
    }

    private JsonNode json(String... arguments) throws IOException {
        String[] withJson = Arrays.copyOf(arguments, arguments.length + 1);
        withJson[arguments.length] = "--json";
        String printed = text(withJson);
        assertThat(printed).as(err.toString()).hasLineCount(1);
        return Json.mapper().readTree(printed);
    }
}
