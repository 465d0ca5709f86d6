package io.millrace.evaluator.state;

import static io.millrace.evaluator.EvaluatorFixtures.CONFIG;
import static io.millrace.evaluator.EvaluatorFixtures.evaluation;
import static io.millrace.evaluator.EvaluatorFixtures.score;
import static io.millrace.evaluator.EvaluatorFixtures.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.ModelRequest;
import io.millrace.schemas.ModelRequest.Action;
import io.millrace.schemas.Origin;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.RequestOutcome;
import io.millrace.schemas.RequestOutcome.Result;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.json.Json;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What an evaluator knows after a start from the snapshot alone is what it knew before. */
class TaskHistoryPropertyTest {

    /**
     * One judgement.
     *
     * @param unreadable whether there are no scores
     * @param verdict the verdict
     * @param scores scores on some of a few probe sets in some of a few versions
     * @param request what was asked by hand, and became of it, before; none if there is no action
     */
    record Step(
            boolean unreadable, Verdict verdict, List<ProbeScore> scores, Optional<Action> request, boolean refused) {}

    @Property(tries = 300)
    void shouldBeRestoredFromASnapshotAsTheFoldOfTheFullTopics(@ForAll("steps") List<Step> steps) {
        TaskHistory folded = TaskHistory.empty(CONFIG);
        TaskHistory restored = folded;
        long step = 100;
        for (Step one : steps) {
            // When
            folded = after(folded, one, step);
            byte[] snapshot =
                    Json.write(after(restored, one, step).snapshot("intent")).getBytes(StandardCharsets.UTF_8);
            restored =
                    TaskHistory.of(HistoryRecords.snapshot("intent", snapshot).orElseThrow(), CONFIG);

            // Then
            assertThat(restored).isEqualTo(folded);
            step += 1 + step % 7;
        }
    }

    private static TaskHistory after(TaskHistory history, Step one, long step) {
        TaskHistory before = one.request()
                .map(action -> history.after(outcome(action, one.refused(), step)))
                .orElse(history);
        ProbeScore[] scores = one.scores().toArray(ProbeScore[]::new);
        if (one.unreadable()) {
            return before.after(update(Verdict.REJECTED, step, before.current()));
        }
        return before.after(evaluation(step, scores)).after(update(one.verdict(), step, before.current(), scores));
    }

    /** Of a promotion and a rollback, the verdict is the step's own. */
    private static RequestOutcome outcome(Action action, boolean refused, long step) {
        String checkpoint = action == Action.PROMOTE ? "checkpoint-000100" : null;
        return new RequestOutcome(
                new ModelRequest("request-" + step, "intent", action, checkpoint, "alice", "because", null),
                new Origin("model-requests", (int) (step % 2), step, step),
                refused ? Result.REFUSED : Result.DONE,
                List.of(),
                null);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Double> accuracy = Arbitraries.integers().between(0, 20).map(right -> right / 20.0);
        Arbitrary<String> version =
                Arbitraries.frequencyOf(Tuple.of(20, Arbitraries.just("v1")), Tuple.of(1, Arbitraries.just("v2")));
        Arbitrary<ProbeScore> score = Combinators.combine(Arbitraries.of("known", "typos", "hans"), version, accuracy)
                .as((name, of, share) -> score(name, of, share));
        Arbitrary<List<ProbeScore>> scores = score.list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .uniqueElements(one -> one.probeSet().name());
        return Combinators.combine(
                        Arbitraries.integers().between(0, 9).map(dice -> dice == 0),
                        Arbitraries.of(Verdict.class),
                        scores,
                        Arbitraries.of(Action.class).optional(0.3),
                        Arbitraries.of(true, false))
                .as(Step::new)
                .list()
                .ofMaxSize(80);
    }
}
