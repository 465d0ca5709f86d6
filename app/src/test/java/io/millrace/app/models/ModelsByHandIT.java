package io.millrace.app.models;

import static io.millrace.app.models.MoodCheckpoints.TASK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.MillraceMain;
import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.contract.Topicwise;
import io.millrace.app.service.RunningService;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.RequestOutcome;
import io.millrace.schemas.RequestOutcome.Result;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.store.DirectoryTree;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The command line, the evaluator and a broker: what people ask for becomes the champion, once. */
class ModelsByHandIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private EmbeddedBroker broker;
    private KafkaConnection kafka;
    private Path configFile;
    private MillraceConfig config;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        kafka = broker.connection();
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Topics.createMissing(kafka, admin);
        }
        configFile = MoodCheckpoints.config(folder, kafka);
        config = MillraceConfig.read(configFile);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void shouldHoldPromoteRollBackAndRelease() throws Exception {
        try (RunningService evaluator = RunningService.evaluator(config, new SimpleMeterRegistry())) {
            // Given
            String first = MoodCheckpoints.announce(config, 1);
            awaitVerdicts(1, evaluator);

            // When
            assertThat(models("hold", "--reason", "the labels are under review"))
                    .isZero();
            String second = MoodCheckpoints.announce(config, 2);
            awaitVerdicts(2, evaluator);

            // Then
            assertThat(updates().get(0).verdict()).isEqualTo(Verdict.PROMOTED);
            assertThat(updates().get(1).verdict()).isEqualTo(Verdict.REJECTED);
            assertThat(updates().get(1).reasons())
                    .last()
                    .asString()
                    .startsWith("promotion is on hold since ")
                    .endsWith(" by alice: the labels are under review");

            // When / Then
            assertThat(models("promote", "challenger", "--reason", "good enough"))
                    .isZero();
            assertThat(out.toString()).endsWith("the champion of task mood is " + second + "\n");
            assertThat(models("rollback", "--reason", "it was not")).isZero();
            assertThat(out.toString()).endsWith("the champion of task mood is " + first + "\n");
            assertThat(models("rollback", "--reason", "and further")).isEqualTo(1);
            assertThat(err.toString())
                    .isEqualTo("refused: no model that was promoted before " + first + " can be used: none is kept\n");
            assertThat(models("release", "--reason", "reviewed")).isZero();
            MoodCheckpoints.announce(config, 3);
            awaitVerdicts(5, evaluator);
            assertThat(updates().get(4).reasons()).noneMatch(reason -> reason.contains("on hold"));
            assertListed(first, second);
        }
    }

    private void assertListed(String first, String second) {
        assertThat(models("list")).isZero();
        assertThat(out.toString())
                .containsPattern("\n" + first + " .* rolled-back by hand .*model")
                .containsPattern("\n" + second + " .* promoted by hand .*model");
    }

    @Test
    void shouldExecuteAtItsStartWhatWasAskedBeforeAndRefuseTheSecondOfTwoAtOnce() throws Exception {
        // Given: nothing is judged yet, and the first checkpoint is gone
        String gone = MoodCheckpoints.announce(config, 1);
        String second = MoodCheckpoints.announce(config, 2);
        String third = MoodCheckpoints.announce(config, 3);
        DirectoryTree.delete(config.store().resolve(TASK).resolve(gone));

        // When: all three see that there is no champion
        assertThat(models("promote", gone, "--reason", "mine", "--wait", "0")).isZero();
        assertThat(models("promote", second, "--reason", "mine", "--wait", "1")).isEqualTo(3);
        assertThat(models("promote", third, "--reason", "no, mine", "--wait", "0"))
                .isZero();

        // Then
        assertThat(err.toString()).contains("no evaluator of task mood has answered within 1 s. The request ");
        try (RunningService evaluator = RunningService.evaluator(config, new SimpleMeterRegistry())) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(evaluator.alive()).isTrue();
                assertThat(outcomes()).hasSize(3);
            });
        }
        assertThat(outcomes())
                .extracting(RequestOutcome::result)
                .containsExactly(Result.REFUSED, Result.DONE, Result.REFUSED);
        assertThat(outcomes().get(0).reasons().get(0)).contains(gone + " is not in the store any more");
        assertThat(outcomes().get(2).reasons().get(0)).startsWith("the champion is " + second + " by now, not none");
        assertThat(updates().get(0).request())
                .isEqualTo(new ModelUpdate.Request(outcomes().get(1).request().id(), "alice", "mine"));
    }

    private void awaitVerdicts(int count, RunningService evaluator) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(evaluator.alive()).isTrue();
            assertThat(updates()).hasSize(count);
        });
    }

    private List<ModelUpdate> updates() {
        return Topicwise.values(kafka, Topics.MODEL_UPDATES);
    }

    private List<RequestOutcome> outcomes() {
        return Topicwise.values(kafka, Topics.REQUEST_OUTCOMES);
    }

    private int models(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of("models", command));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("--task", TASK, "--config", configFile.toString()));
        if (!command.equals("list")) {
            arguments.addAll(List.of("--by", "alice"));
        }
        return MillraceMain.run(
                new PrintWriter(out, true), new PrintWriter(err, true), arguments.toArray(String[]::new));
    }
}
