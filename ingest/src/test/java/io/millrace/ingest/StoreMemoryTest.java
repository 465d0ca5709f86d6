package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;

import java.util.Map;
import java.util.Properties;

class StoreMemoryTest {

    @Test
    void shouldBeSharedByAllStores() {
        // Given
        Properties settings = new Properties();
        try (StoreMemory memory = new StoreMemory();
                Options first = new Options().setTableFormatConfig(new BlockBasedTableConfig());
                Options second = new Options().setTableFormatConfig(new BlockBasedTableConfig())) {
            memory.addTo(settings);
            StoreMemory.Setter setter = new StoreMemory.Setter();

            // When
            setter.setConfig("one", first, configs(settings));
            setter.setConfig("another", second, configs(settings));

            // Then
            assertThat(first.writeBufferManager()).isNotNull().isSameAs(second.writeBufferManager());
            assertThat(((BlockBasedTableConfig) first.tableFormatConfig()).cacheIndexAndFilterBlocks())
                    .isTrue();
        }
    }

    @Test
    void shouldLeaveAStoreAloneWhoseApplicationHasNone() {
        try (Options options = new Options().setTableFormatConfig(new BlockBasedTableConfig())) {
            // When
            new StoreMemory.Setter().setConfig("one", options, Map.of());

            // Then
            assertThat(options.writeBufferManager()).isNull();
        }
    }

    private static Map<String, Object> configs(Properties settings) {
        return Map.of("millrace.store.memory", settings.get("millrace.store.memory"));
    }
}
