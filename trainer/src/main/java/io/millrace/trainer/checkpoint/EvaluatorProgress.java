package io.millrace.trainer.checkpoint;

import static java.util.Objects.requireNonNullElse;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How far the evaluator is on {@code checkpoints}: the offsets that its group commits together with its verdicts. */
public final class EvaluatorProgress implements CheckpointRetention.Verdicts, AutoCloseable {

    /** The evaluators' group, without the prefix. */
    static final String GROUP = "millrace-evaluator";

    private static final Logger LOG = LoggerFactory.getLogger(EvaluatorProgress.class);

    /** The next checkpoint waits for the answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Admin admin;
    private final String group;
    private final String topic;
    private volatile boolean failed;

    public EvaluatorProgress(KafkaConnection kafka) {
        Map<String, Object> settings = kafka.clientProperties();
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, kafka.named("millrace-trainer-admin"));
        admin = Admin.create(settings);
        group = kafka.named(GROUP);
        topic = kafka.named(Topics.CHECKPOINTS.name());
    }

    @Override
    public Map<Integer, Long> nextOffsets() {
        Map<Integer, Long> offsets = new HashMap<>();
        committed().forEach((partition, committed) -> {
            if (committed != null && partition.topic().equals(topic)) {
                offsets.put(partition.partition(), committed.offset());
            }
        });
        return offsets;
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() {
        try {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            return unknown(requireNonNullElse(e.getCause(), e));
        } catch (TimeoutException e) {
            return unknown(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> unknown(Throwable cause) {
        if (!failed) {
            failed = true;
            LOG.warn(
                    "cannot read how far group {} is on {}: {}. More than checkpoints.keepUnjudged checkpoints are not kept for it."
                            + " Check that this user may describe the group.",
                    group,
                    topic,
                    cause.toString());
        }
        return Map.of();
    }

    @Override
    public void close() {
        admin.close(PATIENCE);
    }
}
