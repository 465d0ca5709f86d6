package io.millrace.evaluator;

import static io.millrace.evaluator.EvaluatorFixtures.evaluation;
import static io.millrace.evaluator.EvaluatorFixtures.score;
import static io.millrace.evaluator.EvaluatorFixtures.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.evaluator.state.DriftMonitor;
import io.millrace.evaluator.state.TaskHistory;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

class ResultRecordsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private final TaskHistory before =
            TaskHistory.empty(EvaluatorFixtures.CONFIG).after(evaluation(100, score("typos", "v1", 0.6)));
    private final CheckpointEvaluation evaluation = evaluation(200, score("typos", "v1", 0.5));
    private final ModelUpdate rejection = update(Verdict.REJECTED, 200, Optional.empty(), score("typos", "v1", 0.5));
    private final Judgement judgement = new Judgement(
            Optional.of(evaluation),
            new DriftMonitor(0.05).events(before.series(), evaluation),
            rejection,
            before,
            before);

    @Test
    void shouldWriteEvaluationDriftVerdictAndSnapshotUnderTheTasksName() {
        // When
        List<ProducerRecord<String, byte[]>> records = ResultRecords.of(EvaluatorFixtures.KAFKA, judgement, NOW);

        // Then
        assertThat(records)
                .extracting(ProducerRecord::topic)
                .containsExactly("evaluations", "drift", "model-updates", "task-histories");
        assertThat(records).extracting(ProducerRecord::key).containsOnly("intent");
        assertThat(Topics.EVALUATIONS
                        .valueSerde()
                        .deserializer()
                        .deserialize("evaluations", records.get(0).value()))
                .isEqualTo(evaluation);
        assertThat(Topics.MODEL_UPDATES
                        .valueSerde()
                        .deserializer()
                        .deserialize("model-updates", records.get(2).value()))
                .isEqualTo(rejection);
    }

    @Test
    void shouldMakeAModelUpdateACloudEvent() {
        // When
        Map<String, String> headers = headers(
                ResultRecords.of(EvaluatorFixtures.KAFKA, judgement, NOW).get(2));

        // Then
        assertThat(headers)
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("ce_type", "io.millrace.model-update.rejected")
                .containsEntry("ce_source", "/evaluator/intent")
                .containsEntry("ce_id", "model-update/checkpoint-000200/hash-of-200")
                .containsEntry("ce_subject", "checkpoint-000200")
                .containsEntry("ce_time", "2026-03-01T10:00:00Z");
    }

    @Test
    void shouldMakeADriftEventACloudEvent() {
        // When
        Map<String, String> headers = headers(
                ResultRecords.of(EvaluatorFixtures.KAFKA, judgement, NOW).get(1));

        // Then
        assertThat(headers)
                .containsEntry("ce_type", "io.millrace.drift.started")
                .containsEntry("ce_source", "/evaluator/intent")
                .containsEntry("ce_id", "drift/checkpoint-000200/hash-of-200/accuracy/typos")
                .containsEntry("ce_subject", "accuracy/typos");
    }

    @Test
    void shouldGiveAnEventThatIsWrittenAgainTheSameId() {
        // Given
        String id = headers(ResultRecords.of(EvaluatorFixtures.KAFKA, judgement, NOW)
                        .get(2))
                .get("ce_id");

        // When
        List<ProducerRecord<String, byte[]>> later =
                ResultRecords.of(EvaluatorFixtures.KAFKA, judgement, NOW.plusSeconds(60));

        // Then
        assertThat(headers(later.get(2))).containsEntry("ce_id", id);
    }

    @Test
    void shouldWriteNoEvaluationOfACheckpointThatCouldNotBeRead() {
        // Given
        Judgement unreadable = new Judgement(Optional.empty(), List.of(), rejection, before, before);

        // When
        List<ProducerRecord<String, byte[]>> records = ResultRecords.of(EvaluatorFixtures.KAFKA, unreadable, NOW);

        // Then
        assertThat(records).extracting(ProducerRecord::topic).containsExactly("model-updates", "task-histories");
    }

    private static Map<String, String> headers(ProducerRecord<String, byte[]> record) {
        return StreamSupport.stream(record.headers().spliterator(), false)
                .collect(Collectors.toMap(
                        header -> header.key(), header -> new String(header.value(), StandardCharsets.UTF_8)));
    }
}
