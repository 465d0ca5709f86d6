package io.millrace.evaluator;

import static io.millrace.evaluator.EvaluatorFixtures.CONFIG;
import static io.millrace.evaluator.EvaluatorFixtures.TASK;
import static io.millrace.evaluator.EvaluatorFixtures.announced;
import static io.millrace.evaluator.EvaluatorFixtures.announcement;
import static io.millrace.evaluator.EvaluatorFixtures.example;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.models.ModelStore;
import io.millrace.evaluator.state.LocatedRequest;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.evaluator.state.TaskHistory;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ModelRequest;
import io.millrace.schemas.ModelRequest.Action;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RequestOutcome.Result;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.store.DirectoryTree;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Two models are kept; the fake weights are the accuracy that they reach. */
class RequestExecutorTest {

    private static final List<ProbeSet> PROBES =
            List.of(ProbeSet.of("known", Distribution.IN_DISTRIBUTION, List.of(example("1", "text", "yes"))));

    @TempDir
    private Path root;

    private final Map<String, CheckpointAnnouncement> announced = new HashMap<>();
    private final List<ModelUpdate> updates = new ArrayList<>();
    private RequestExecutor executor;
    private CheckpointJudge judge;
    private TaskHistory history = TaskHistory.empty(CONFIG);
    private long offset;

    @BeforeEach
    void openStore() {
        ModelStore models = new ModelStore(root);
        judge = new CheckpointJudge(models, new FakeScorer(), () -> {}, System::nanoTime);
        executor = new RequestExecutor(models, new FakeScorer(), () -> {}, new Remembered());
    }

    @Test
    void shouldPromoteWhatTheGateRejected() throws IOException {
        // Given
        judge(100, "0.7");
        judge(200, "0.6");

        // When
        RequestResult result = execute(Action.PROMOTE, "checkpoint-000200", null);

        // Then
        ModelUpdate update = result.update().orElseThrow();
        assertThat(result.outcome().result()).isEqualTo(Result.DONE);
        assertThat(result.outcome().champion()).isEqualTo("checkpoint-000200");
        assertThat(update.verdict()).isEqualTo(Verdict.PROMOTED);
        assertThat(update.reasons()).containsExactly("promoted by hand by alice: because");
        assertThat(update.request()).isEqualTo(new ModelUpdate.Request("request-0", "alice", "because"));
        assertThat(update.scores()).singleElement().satisfies(score -> assertThat(score.accuracy())
                .isEqualTo(0.6));
        assertThat(update.current().model().checkpoint().id()).isEqualTo("checkpoint-000100");
        assertThat(update.lineage().parent()).isEqualTo("the-parent");
        assertThat(root.resolve("intent/models/checkpoint-000200/model.safetensors"))
                .hasContent("0.6");
        assertThat(history.championId()).contains("checkpoint-000200");
    }

    @Test
    void shouldPromoteAKeptModelWhoseCheckpointTheTrainerHasDeleted() throws IOException {
        // Given
        judge(100, "0.7");
        judge(200, "0.75");
        DirectoryTree.delete(root.resolve("intent/checkpoint-000100"));

        // When
        RequestResult result = execute(Action.PROMOTE, "checkpoint-000100", "checkpoint-000200");

        // Then
        assertThat(result.outcome().result()).isEqualTo(Result.DONE);
        assertThat(history.championId()).contains("checkpoint-000100");
        assertThat(result.outdated()).isEmpty();
    }

    @Test
    void shouldPublishAChampionAgainWhoseFilesAreGone() throws IOException {
        // Given
        judge(100, "0.7");
        DirectoryTree.delete(root.resolve("intent/models/checkpoint-000100"));

        // When
        RequestResult result = execute(Action.PROMOTE, "checkpoint-000100", "checkpoint-000100");

        // Then
        assertThat(result.outcome().result()).isEqualTo(Result.DONE);
        assertThat(root.resolve("intent/models/checkpoint-000100/model.safetensors"))
                .hasContent("0.7");
    }

    @Test
    void shouldRollBackToThePreviousModelAndNeverForward() throws IOException {
        // Given
        judge(100, "0.7");
        judge(200, "0.75");

        // When
        RequestResult result = execute(Action.ROLLBACK, null, "checkpoint-000200");
        judge(300, "0.8");
        RequestResult again = execute(Action.ROLLBACK, null, null);

        // Then: of 100, 200 and 300 only 200 and 300 would be kept by promotions alone
        assertThat(result.update().orElseThrow().verdict()).isEqualTo(Verdict.ROLLED_BACK);
        assertThat(result.outcome().champion()).isEqualTo("checkpoint-000100");
        assertThat(again.outcome().result()).isEqualTo(Result.REFUSED);
        assertThat(again.outcome().reasons())
                .containsExactly("no model that was promoted before checkpoint-000300 can be used: none is kept");
        assertThat(execute(Action.ROLLBACK, "checkpoint-000200", null).outcome().result())
                .isEqualTo(Result.DONE);
    }

    @Test
    void shouldRefuseARollbackIfTheFilesOfThePreviousModelAreGone() throws IOException {
        // Given
        judge(100, "0.7");
        judge(200, "0.75");
        DirectoryTree.delete(root.resolve("intent/models/checkpoint-000100"));

        // When
        RequestResult result = execute(Action.ROLLBACK, null, null);

        // Then
        assertRefused(
                result,
                "no model that was promoted before checkpoint-000200 can be used: the model of checkpoint-000100");
        assertThat(history.championId()).contains("checkpoint-000200");
    }

    @Test
    void shouldHoldPromotionUntilTheRelease() throws IOException {
        // Given
        judge(100, "0.7");

        // When
        execute(Action.HOLD, null, null);
        Judgement held = judge(200, "0.9");
        execute(Action.RELEASE, null, null);
        Judgement released = judge(300, "0.9");

        // Then
        assertThat(held.update().verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(held.update().reasons())
                .endsWith("promotion is on hold since 1970-01-01T00:00:01Z by alice: because");
        assertThat(held.evaluation()).isPresent();
        assertThat(released.update().verdict()).isEqualTo(Verdict.PROMOTED);
    }

    @Test
    void shouldRefuseTheSecondOfTwoThatChangeTheSameChampion() throws IOException {
        // Given
        judge(100, "0.7");
        judge(200, "0.6");
        judge(300, "0.5");

        // When
        execute(Action.PROMOTE, "checkpoint-000200", "checkpoint-000100");
        RequestResult second = execute(Action.PROMOTE, "checkpoint-000300", "checkpoint-000100");

        // Then
        assertRefused(second, "the champion is checkpoint-000200 by now, not checkpoint-000100: it changed after this");
        assertThat(history.championId()).contains("checkpoint-000200");
    }

    @Test
    void shouldRefuseWhatExpectedNoChampionOnceThereIsOne() throws IOException {
        // Given
        judge(100, "0.7");

        // When / Then
        assertRefused(
                execute(Action.PROMOTE, "checkpoint-000100", ModelRequest.NO_CHAMPION),
                "the champion is checkpoint-000100 by now, not none");
    }

    @Test
    void shouldRefuseWhatCannotBeExecutedAndSayWhy() throws IOException {
        assertRefused(execute(Action.ROLLBACK, null, null), "task intent has no champion to roll back from");
        assertRefused(execute(Action.RELEASE, null, null), "promotion is not on hold");

        // Given
        judge(100, "0.7");

        // When / Then
        assertRefused(execute(Action.PROMOTE, "checkpoint-000100", null), "checkpoint-000100 is the champion already");
        assertRefused(execute(Action.ROLLBACK, "checkpoint-000100", null), "checkpoint-000100 is the champion already");
        assertRefused(
                execute(Action.PROMOTE, "checkpoint-000999", null),
                "no checkpoint checkpoint-000999 of task intent has been announced");
        assertRefused(
                execute(Action.ROLLBACK, "checkpoint-000999", null),
                "checkpoint-000999 is not one of the promoted models that are kept: [checkpoint-000100]");
        execute(Action.HOLD, null, null);
        assertRefused(execute(Action.HOLD, null, null), "promotion is on hold since ");
    }

    @Test
    void shouldRefuseToPromoteACheckpointThatVanishedIsTornOrCannotBeLoaded() throws IOException {
        // Given
        judge(100, "0.7");
        announce(StoredCheckpoint.write(root, 200, "0.6"));
        DirectoryTree.delete(root.resolve("intent/checkpoint-000200"));
        announce(StoredCheckpoint.write(root, 300, "0.6"));
        Files.writeString(root.resolve("intent/checkpoint-000300/model.safetensors"), "0.9");
        announce(StoredCheckpoint.write(root, 400, "broken"));

        // When / Then
        assertRefused(
                execute(Action.PROMOTE, "checkpoint-000200", null),
                "checkpoint-000200 cannot be promoted: intent/checkpoint-000200 is not in the store any more");
        assertRefused(execute(Action.PROMOTE, "checkpoint-000300", null), "checkpoint-000300 cannot be promoted: ");
        assertRefused(
                execute(Action.PROMOTE, "checkpoint-000400", null),
                "checkpoint-000400 cannot be promoted: the weights are broken, and no model of it is kept");
        assertThat(root.resolve("intent/models/checkpoint-000300")).doesNotExist();
    }

    @Test
    void shouldPublishNothingOnceNobodyWaitsForIt() throws IOException {
        // Given
        judge(100, "0.7");
        judge(200, "0.6");
        RequestExecutor givenUp = new RequestExecutor(
                new ModelStore(root),
                new FakeScorer(),
                () -> {
                    throw new CancellationException();
                },
                new Remembered());

        // When / Then
        assertThatThrownBy(() ->
                        givenUp.execute(TASK, located(Action.PROMOTE, "checkpoint-000200", null), history, PROBES))
                .isInstanceOf(CancellationException.class);
        assertThat(root.resolve("intent/models/checkpoint-000200")).doesNotExist();
    }

    private Judgement judge(long step, String weights) throws IOException {
        CheckpointReference checkpoint = StoredCheckpoint.write(root, step, weights);
        announce(checkpoint);
        Judgement judgement = judge.judge(TASK, announced(checkpoint), history, PROBES);
        history = judgement.history();
        updates.add(judgement.update());
        return judgement;
    }

    private void announce(CheckpointReference checkpoint) {
        announced.put(checkpoint.id(), announcement(checkpoint));
    }

    private RequestResult execute(Action action, String checkpoint, String expectedChampion) {
        RequestResult result = executor.execute(TASK, located(action, checkpoint, expectedChampion), history, PROBES);
        history = result.history();
        result.update().ifPresent(updates::add);
        return result;
    }

    private LocatedRequest located(Action action, String checkpoint, String expectedChampion) {
        ModelRequest request = new ModelRequest(
                "request-" + offset, "intent", action, checkpoint, "alice", "because", expectedChampion);
        return new LocatedRequest(request, new Origin("model-requests", 0, offset++, 1_000));
    }

    private void assertRefused(RequestResult result, String reason) {
        assertThat(result.outcome().result()).isEqualTo(Result.REFUSED);
        assertThat(result.outcome().reasons()).singleElement().asString().startsWith(reason);
        assertThat(result.update()).isEmpty();
        assertThat(result.outcome().champion())
                .isEqualTo(result.before().championId().orElse(null));
    }

    private final class Remembered implements RequestExecutor.Past {

        @Override
        public Optional<CheckpointAnnouncement> announcement(EvaluatedTask task, String checkpoint) {
            return Optional.ofNullable(announced.get(checkpoint));
        }

        @Override
        public Optional<ModelUpdate> publication(EvaluatedTask task, String checkpoint) {
            return updates.stream()
                    .filter(update -> update.model().location() != null)
                    .filter(update -> update.model().checkpoint().id().equals(checkpoint))
                    .reduce((earlier, later) -> later);
        }
    }
}
