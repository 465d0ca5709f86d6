package io.millrace.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

class TransactionalCheckpointsTest {

    private static final TopicPartition PARTITION = new TopicPartition("checkpoints", 3);
    private static final ConsumerRecord<String, byte[]> RECORD =
            new ConsumerRecord<>("checkpoints", 3, 7, "intent", new byte[0]);
    private static final List<ProducerRecord<String, byte[]>> RESULTS =
            List.of(new ProducerRecord<>("evaluations", "intent", new byte[0]));

    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private final TransactionalCheckpoints checkpoints =
            new TransactionalCheckpoints(EvaluatorFixtures.KAFKA, consumer, producer);

    @BeforeEach
    void subscribe() {
        checkpoints.subscribe();
        consumer.rebalance(List.of(PARTITION));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 7L));
        consumer.addRecord(RECORD);
        checkpoints.poll();
    }

    @Test
    void shouldCommitResultsAndTheOffsetAfterTheRecordTogether() {
        // When
        boolean committed = checkpoints.commit(RECORD, RESULTS);

        // Then
        assertThat(committed).isTrue();
        assertThat(producer.history()).isEqualTo(RESULTS);
        assertThat(producer.commitCount()).isEqualTo(1);
        assertThat(producer.consumerGroupOffsetsHistory())
                .containsExactly(Map.of("dummy.group.id", Map.of(PARTITION, new OffsetAndMetadata(8))));
    }

    @Test
    void shouldCommitResultsOfNoRecordWithTheOffsetThatIsCommittedAlready() {
        // Given
        consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(5)));

        // When
        boolean committed = checkpoints.commitUnmoved(PARTITION, RESULTS);

        // Then
        assertThat(committed).isTrue();
        assertThat(producer.history()).isEqualTo(RESULTS);
        assertThat(producer.consumerGroupOffsetsHistory())
                .containsExactly(Map.of("dummy.group.id", Map.of(PARTITION, new OffsetAndMetadata(5))));
        assertThat(consumer.position(PARTITION)).isEqualTo(8);
    }

    @Test
    void shouldCommitTheBeginningWhereNothingIsCommittedYet() {
        // When
        checkpoints.commitUnmoved(PARTITION, RESULTS);

        // Then
        assertThat(producer.consumerGroupOffsetsHistory())
                .containsExactly(Map.of("dummy.group.id", Map.of(PARTITION, new OffsetAndMetadata(7))));
    }

    @Test
    void shouldWriteNothingOfNoRecordOnceThePartitionHasMovedOn() {
        // Given
        producer.sendOffsetsToTransactionException = new CommitFailedException("no member any more");

        // When
        boolean committed = checkpoints.commitUnmoved(PARTITION, RESULTS);

        // Then
        assertThat(committed).isFalse();
        assertThat(producer.history()).isEmpty();
        assertThat(consumer.position(PARTITION)).isEqualTo(8);
    }

    @Test
    void shouldNotOwnAPartitionThatWasTakenAwayWhileARequestIsExecuted() {
        // Given
        consumer.schedulePollTask(() -> consumer.rebalance(List.of()));

        // When / Then
        assertThat(checkpoints.owned()).containsExactly(PARTITION);
        assertThat(checkpoints.keeps(Set.of(PARTITION))).isFalse();
        assertThat(checkpoints.owned()).isEmpty();
        assertThat(checkpoints.has(RECORD)).isFalse();
    }

    @Test
    void shouldGoBackToTheRecordWhenItsPartitionHasMovedOn() {
        // Given
        producer.sendOffsetsToTransactionException = new CommitFailedException("no member any more");

        // When
        boolean committed = checkpoints.commit(RECORD, RESULTS);

        // Then
        assertThat(committed).isFalse();
        assertThat(producer.transactionAborted()).isTrue();
        assertThat(producer.history()).isEmpty();
        assertThat(consumer.position(PARTITION)).isEqualTo(7);
    }

    @Test
    void shouldPauseForOnePollBeforeTheRecordComesAgain() {
        // Given
        producer.sendOffsetsToTransactionException = new CommitFailedException("no member any more");
        checkpoints.commit(RECORD, RESULTS);
        consumer.addRecord(RECORD);

        // When
        int first = checkpoints.poll().count();
        int second = checkpoints.poll().count();

        // Then
        assertThat(first).isZero();
        assertThat(second).isEqualTo(1);
    }

    @Test
    void shouldReadNothingWhileARecordIsKeptAndGoOnAfterwards() {
        // Given
        consumer.addRecord(new ConsumerRecord<>("checkpoints", 3, 8, "intent", new byte[0]));

        // When
        boolean kept = checkpoints.keeps(RECORD);

        // Then
        assertThat(kept).isTrue();
        assertThat(checkpoints.poll()).extracting(ConsumerRecord::offset).containsExactly(8L);
    }

    @Test
    void shouldReadNothingOfAPartitionThatComesWhileARecordIsKept() {
        // Given
        TopicPartition other = new TopicPartition("checkpoints", 1);
        consumer.updateBeginningOffsets(Map.of(other, 0L));
        consumer.schedulePollTask(() -> {
            consumer.rebalance(List.of(PARTITION, other));
            consumer.addRecord(new ConsumerRecord<>("checkpoints", 1, 0, "other", new byte[0]));
        });

        // When
        boolean kept = checkpoints.keeps(RECORD);

        // Then
        assertThat(kept).isTrue();
        assertThat(checkpoints.poll()).extracting(ConsumerRecord::partition).containsExactly(1);
    }

    @Test
    void shouldNotKeepARecordWhosePartitionWasTakenAwayEvenIfItHasComeBack() {
        // Given
        consumer.schedulePollTask(() -> {
            consumer.rebalance(List.of());
            consumer.rebalance(List.of(PARTITION));
        });

        // When / Then
        assertThat(checkpoints.keeps(RECORD)).isFalse();
        assertThat(checkpoints.keeps(RECORD)).isFalse();
    }

    @Test
    void shouldTellTheLagOfTheAssignedPartitions() {
        // Given
        consumer.updateEndOffsets(Map.of(PARTITION, 12L));

        // When / Then
        assertThat(checkpoints.lags()).isEqualTo(Map.of(3, OptionalLong.of(4)));
    }

    @Test
    void shouldGiveUpAfterSeveralAbortedTransactionsInARow() {
        // Given
        producer.commitTransactionException = new KafkaException("too large");
        for (int abort = 1; abort < TransactionalCheckpoints.MAX_ABORTS; abort++) {
            assertThat(checkpoints.commit(RECORD, RESULTS)).isFalse();
        }

        // When / Then
        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(() -> checkpoints.commit(RECORD, RESULTS))
                .withMessage(
                        "cannot write the results of checkpoints-3 before offset 8: 5 transactions in a row were aborted,"
                                + " the last because: too large");
    }

    @Test
    void shouldForgetAbortedTransactionsOnceOneIsCommitted() {
        // Given
        producer.commitTransactionException = new KafkaException("for once");
        for (int abort = 1; abort < TransactionalCheckpoints.MAX_ABORTS; abort++) {
            checkpoints.commit(RECORD, RESULTS);
        }
        producer.commitTransactionException = null;
        checkpoints.commit(RECORD, RESULTS);
        producer.commitTransactionException = new KafkaException("for once");

        // When
        boolean committed = checkpoints.commit(RECORD, RESULTS);

        // Then
        assertThat(committed).isFalse();
    }

    @Test
    void shouldSayThatATransactionIsUnsettledWhenItCannotEvenBeAborted() {
        // Given
        producer.commitTransactionException = new KafkaException("the cause");
        producer.abortTransactionException = new ProducerFencedException("fenced");

        // When / Then
        assertThatThrownBy(() -> checkpoints.commit(RECORD, RESULTS))
                .isInstanceOf(UnsettledTransactionException.class)
                .hasMessage("a transaction could be neither committed nor aborted: the cause")
                .cause()
                .isSameAs(producer.commitTransactionException)
                .hasSuppressedException(producer.abortTransactionException);
    }
}
