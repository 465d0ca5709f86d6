package io.millrace.evaluator.state;

import static io.millrace.evaluator.EvaluatorFixtures.TASK;
import static io.millrace.evaluator.EvaluatorFixtures.current;
import static io.millrace.evaluator.EvaluatorFixtures.evaluation;
import static io.millrace.evaluator.EvaluatorFixtures.example;
import static io.millrace.evaluator.EvaluatorFixtures.score;
import static io.millrace.evaluator.EvaluatorFixtures.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.evaluator.EvaluatorFixtures;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.json.Json;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

class EvaluatorStateTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final EvaluatorState state =
            new EvaluatorState(EvaluatorFixtures.KAFKA, List.of(TASK), new StateMetrics(registry, List.of("intent")));

    @Test
    void shouldFoldProbesEvaluationsAndVerdicts() {
        // Given
        ProbeExample probe =
                new ProbeExample("intent", "typos", Distribution.OUT_OF_DISTRIBUTION, example("1", "text", "yes"));

        // When
        apply("probes", probe.key(), Json.write(probe));
        apply("evaluations", "intent", Json.write(evaluation(100, score("typos", "v1", 0.6))));
        apply(
                "model-updates",
                "intent",
                Json.write(update(Verdict.PROMOTED, 100, Optional.empty(), score("typos", "v1", 0.6))));

        // Then
        assertThat(state.probeSets(TASK)).extracting(ProbeSet::name).containsExactly("typos");
        assertThat(state.history(TASK).series()).containsKey("typos");
        assertThat(state.history(TASK).current()).contains(current(100, score("typos", "v1", 0.6)));
    }

    @Test
    void shouldTakeTheHistoryFromTheNewestSnapshotIfThereIsOne() {
        // Given
        TaskHistory first = TaskHistory.empty(TASK.evaluation())
                .after(update(Verdict.PROMOTED, 100, Optional.empty(), score("typos", "v1", 0.6)));
        TaskHistory second = first.after(update(Verdict.PROMOTED, 200, first.current(), score("typos", "v1", 0.7)));

        // When: as after a change of the number of partitions, the older one is read last
        apply("task-histories", "intent", Json.write(second.snapshot("intent")));
        apply("task-histories", "intent", Json.write(first.snapshot("intent")));

        // Then
        assertThat(state.hasSnapshot(TASK)).isTrue();
        assertThat(state.history(TASK)).isEqualTo(second);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "tombstone",
            textBlock =
                    """
            tombstone
            {
            {'task':'other','verdicts':1,'promoted':[],'retired':[],'series':[]}
            """)
    void shouldFoldThePastOfATaskWhoseSnapshotHasBeenReplacedByNone(String json) {
        // Given
        TaskHistory history = TaskHistory.empty(TASK.evaluation())
                .after(update(Verdict.PROMOTED, 100, Optional.empty(), score("typos", "v1", 0.6)));
        apply("task-histories", "intent", Json.write(history.snapshot("intent")));

        // When
        apply("task-histories", "intent", json == null ? null : json.replace('\'', '"'));

        // Then
        assertThat(state.hasSnapshot(TASK)).isFalse();
        assertThat(state.history(TASK)).isEqualTo(TaskHistory.empty(TASK.evaluation()));
    }

    @Test
    void shouldScoreABoundedNumberOfProbeSetsAndCountTheOthers() {
        // Given
        for (int set = 0; set < ProbeExample.MAX_SETS + 5; set++) {
            ProbeExample probe = new ProbeExample(
                    "intent",
                    String.format("set-%03d", set),
                    Distribution.OUT_OF_DISTRIBUTION,
                    example("1", "text", "yes"));
            apply("probes", probe.key(), Json.write(probe));
        }

        // When
        List<ProbeSet> scored = state.probeSets(TASK);

        // Then
        assertThat(scored).hasSize(ProbeExample.MAX_SETS);
        assertThat(scored.get(ProbeExample.MAX_SETS - 1).name()).isEqualTo("set-199");
        assertThat(registry.get("millrace.evaluator.probe.sets.unscored")
                        .gauge()
                        .value())
                .isEqualTo(5);
    }

    @Test
    void shouldLeaveOutWhatIsOfOtherTasks() {
        // Given
        String ofOther = Json.write(evaluation(100, score("typos", "v1", 0.6))).replace("\"intent\"", "\"other\"");

        // When
        apply("evaluations", "other", ofOther);

        // Then
        assertThat(state.history(TASK)).isEqualTo(TaskHistory.empty(TASK.evaluation()));
        assertThat(registry.counter("millrace.evaluator.malformed.history").count())
                .isZero();
    }

    @Test
    void shouldCountAMalformedProbe() {
        // When
        apply("probes", "intent/typos/1", "{");

        // Then
        assertThat(registry.counter("millrace.evaluator.malformed.probes").count())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            evaluations   | {
            evaluations   | null
            evaluations   | {'scores':[]}
            evaluations   | {'checkpoint':{'task':'intent','id':'c','step':1}}
            evaluations   | {'checkpoint':{'task':'intent','id':'c','step':1},'scores':[{'accuracy':1,'macroF1':1,'negativeLogLikelihood':0,'calibrationError':0}]}
            model-updates | {
            model-updates | {'verdict':'promoted','reasons':[],'scores':[]}
            model-updates | {'reasons':[],'scores':[],'model':{'checkpoint':{'task':'intent','id':'c','step':1}}}
            model-updates | {'verdict':'promoted','reasons':[],'scores':[],'model':{'checkpoint':{'task':'intent','step':1}}}
            model-updates | {'verdict':'rejected','reasons':[],'scores':[],'model':{'checkpoint':{'task':'intent','id':'c','step':1}},'current':{'scores':[]}}
            """)
    void shouldCountWhatNoEvaluatorWritesAndChangeNothing(String topic, String json) {
        // When
        apply(topic, "intent", json.replace('\'', '"'));

        // Then
        assertThat(state.history(TASK)).isEqualTo(TaskHistory.empty(TASK.evaluation()));
        assertThat(registry.counter("millrace.evaluator.malformed.history").count())
                .isEqualTo(1);
    }

    private void apply(String topic, String key, String json) {
        byte[] value = json == null ? null : json.getBytes(StandardCharsets.UTF_8);
        state.apply(new ConsumerRecord<>(topic, 0, 0, key, value));
    }
}
