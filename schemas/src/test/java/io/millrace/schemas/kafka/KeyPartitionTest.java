package io.millrace.schemas.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPartitionTest {

    /** Hashes as Kafka and librdkafka publish them in the tests of their murmur2. */
    @ParameterizedTest
    @CsvSource({
        "21, -973932308",
        "foobar, -790332482",
        "a-little-bit-long-string, -985981536",
        "a-little-bit-longer-string, -1486304829",
        "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8, -58897971"
    })
    void shouldPlaceAKeyWhereAJavaProducerDoes(String key, int hash) {
        for (int partitions : new int[] {1, 4, 8, 100}) {
            // When
            int partition = KeyPartition.of(key, partitions);

            // Then
            assertThat(partition).as("of %d", partitions).isEqualTo((hash & 0x7fffffff) % partitions);
        }
    }
}
