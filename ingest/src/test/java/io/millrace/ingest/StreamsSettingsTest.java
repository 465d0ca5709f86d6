package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

class StreamsSettingsTest {

    private static final IngestConfig CONFIG = new IngestConfig(Path.of("state"), null, null);
    private static final OutputLimits LIMITS = new OutputLimits(1 << 20, 16 << 20);

    @Test
    void shouldProcessExactlyOnceWithStateOnDisk() {
        // When
        StreamsConfig settings = new StreamsConfig(settings(Map.of()));

        // Then
        assertThat(settings.getString(StreamsConfig.APPLICATION_ID_CONFIG)).isEqualTo("millrace-ingest");
        assertThat(settings.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG))
                .isEqualTo("exactly_once_v2");
        assertThat(settings.getString(StreamsConfig.STATE_DIR_CONFIG)).isEqualTo("state");
        assertThat(settings.getInt(StreamsConfig.NUM_STREAM_THREADS_CONFIG)).isEqualTo(1);
        assertThat(settings.getInt(StreamsConfig.REPLICATION_FACTOR_CONFIG)).isEqualTo(-1);
    }

    @Test
    void shouldBeAnApplicationOfItsOwnInstallation() {
        // When
        Properties settings = StreamsSettings.of(Tasks.KAFKA.withPrefix("ours-"), CONFIG, LIMITS);

        // Then
        assertThat(settings)
                .containsEntry("application.id", "ours-millrace-ingest")
                .containsEntry("client.id", "ours-millrace-ingest");
    }

    @Test
    void shouldMissAKilledProcessAfterSixSeconds() {
        // When
        Map<String, Object> consumer = new StreamsConfig(settings(Map.of())).getMainConsumerConfigs("g", "c", 1);

        // Then
        assertThat(consumer).containsEntry("session.timeout.ms", 6000).containsEntry("heartbeat.interval.ms", 2000);
    }

    @Test
    void shouldSendWhatTheTopicsTakeUncompressed() {
        // When
        Map<String, Object> producer = new StreamsConfig(settings(Map.of())).getProducerConfigs("c");

        // Then
        assertThat(producer).containsEntry("max.request.size", 16 << 20).containsEntry("compression.type", "none");
    }

    @Test
    void shouldPassTheUsersSettingsOn() {
        // When
        Properties settings = settings(Map.of("security.protocol", "SSL", "num.stream.threads", "4"));

        // Then
        assertThat(settings)
                .containsEntry("bootstrap.servers", "localhost:1")
                .containsEntry("security.protocol", "SSL")
                .containsEntry("num.stream.threads", "4");
    }

    @Test
    void shouldNotLetTheUsersSettingsTouchWhatItsGuaranteesRestOn() {
        // When
        Properties settings = settings(Map.of("processing.guarantee", "at_least_once", "application.id", "mine"));

        // Then
        assertThat(settings)
                .containsEntry("processing.guarantee", "exactly_once_v2")
                .containsEntry("application.id", "millrace-ingest");
    }

    @Test
    void shouldNotLetTheUsersSettingsScatterATask() {
        // When
        Map<String, Object> producer = new StreamsConfig(settings(Map.of(
                        "partitioner.class",
                        "org.apache.kafka.clients.producer.RoundRobinPartitioner",
                        "producer.partitioner.ignore.keys",
                        "true")))
                .getProducerConfigs("c");

        // Then
        assertThat(producer).doesNotContainKey("partitioner.class").containsEntry("partitioner.ignore.keys", false);
    }

    @Test
    void shouldSendTheLargestRecordThatItReads() {
        // Given
        IngestConfig config = new IngestConfig(Path.of("state"), null, 20 << 20);

        // When
        Properties settings = StreamsSettings.of(new KafkaConnection("localhost:1", Map.of()), config, LIMITS);

        // Then
        assertThat(settings).containsEntry("producer.max.request.size", (20 << 20) + (64 << 10));
    }

    @Test
    void shouldCommitOftenAndSendLargeBatches() {
        // When
        StreamsConfig settings = new StreamsConfig(settings(Map.of()));

        // Then
        assertThat(settings.getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG)).isEqualTo(100);
        assertThat(settings.getProducerConfigs("c")).containsEntry("batch.size", 256 << 10);
    }

    private static Properties settings(Map<String, String> properties) {
        return StreamsSettings.of(new KafkaConnection("localhost:1", properties), CONFIG, LIMITS);
    }
}
