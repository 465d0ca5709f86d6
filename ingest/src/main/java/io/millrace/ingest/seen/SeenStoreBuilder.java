package io.millrace.ingest.seen;

import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.state.StoreBuilder;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Makes the {@link SeenStore} of each partition. Its changelog keeps records for the window and a week, and is not compacted: no key comes twice. */
final class SeenStoreBuilder implements StoreBuilder<SeenStore> {

    /** As long as {@code examples} keeps a backlog, in which repeats are still found after a restart. */
    private static final Duration RETENTION_AFTER_WINDOW = Duration.ofDays(7);

    private final String name;
    private final Duration window;
    private final Map<String, String> logConfig = new HashMap<>();
    private boolean isLogged = true;

    SeenStoreBuilder(String name, Duration window) {
        this.name = name;
        this.window = window;
        logConfig.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        logConfig.put(
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(window.plus(RETENTION_AFTER_WINDOW).toMillis()));
    }

    @Override
    public SeenStore build() {
        return new SeenStore(name, window.toMillis(), isLogged);
    }

    /** It has always one of its own. */
    @Override
    public SeenStoreBuilder withCachingEnabled() {
        return this;
    }

    @Override
    public SeenStoreBuilder withCachingDisabled() {
        return this;
    }

    @Override
    public SeenStoreBuilder withLoggingEnabled(Map<String, String> config) {
        isLogged = true;
        logConfig.putAll(config);
        return this;
    }

    @Override
    public SeenStoreBuilder withLoggingDisabled() {
        isLogged = false;
        logConfig.clear();
        return this;
    }

    @Override
    public Map<String, String> logConfig() {
        return logConfig;
    }

    @Override
    public boolean loggingEnabled() {
        return isLogged;
    }

    @Override
    public String name() {
        return name;
    }
}
