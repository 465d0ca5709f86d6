package io.millrace.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

class SourceConfigTest {

    private static final SourceFields FIELDS = new SourceFields(null, "/id", "/text", null, "/label", null);
    private static final SourceFields TEXTS = new SourceFields(null, "/id", "/text", null, null, null);
    private static final DelayedLabels LABELS = new DelayedLabels("labels", null, null, "/label", null);

    @Test
    void shouldTakeJsonUnderTheKeyOfTheTaskByDefault() {
        // When
        SourceConfig config = new SourceConfig("topic", null, null, FIELDS, null, null);

        // Then
        assertThat(config).isEqualTo(new SourceConfig("topic", SourceFormat.JSON, "", FIELDS, Map.of(), null));
        assertThat(LABELS)
                .isEqualTo(new DelayedLabels("labels", SourceFormat.JSON, "key", "/label", Duration.ofHours(24)));
        assertThat(config.topics()).containsExactly("topic");
        assertThat(config.needsRegistry()).isFalse();
        assertThat(new SourceConfig("topic", null, null, TEXTS, null, LABELS).topics())
                .containsExactly("topic", "labels");
    }

    @Test
    void shouldSayWhichKeyIsWrong() {
        refuses("fields.text must be a JSON pointer, as /ticket/body, got nothing", () -> fields(null, null));
        refuses(
                "fields.text must be a JSON pointer that begins with /, as /ticket/body, got \"text\"",
                () -> fields(null, "text"));
        refuses("fields.id must be a JSON pointer that begins with /", () -> fields("id", "/text"));
        refuses("topic must name a topic, got nothing", () -> source(" ", null, FIELDS, null));
        refuses("fields must hold at least the key text, got nothing", () -> source("t", null, null, null));
        refuses(
                "task must be left out with fields.task, got \"x\"",
                () -> source("t", "x", new SourceFields("/task", null, "/text", null, "/label", null), null));
        refuses("fields.label must be a JSON pointer, or the section labels", () -> source("t", null, TEXTS, null));
        refuses("got both", () -> source("t", null, FIELDS, LABELS));
        refuses(
                "fields.id must be a JSON pointer or key, because labels meet",
                () -> source("t", null, fields(null, "/text"), LABELS));
        refuses("labels.topic must be another topic", () -> source("labels", null, TEXTS, LABELS));
        refuses("labels.topic must name a topic", () -> new DelayedLabels(null, null, null, "/label", null));
        refuses("labels.label must be a JSON pointer", () -> new DelayedLabels("l", null, null, null, null));
        refuses(
                "labels.id must be a JSON pointer that begins",
                () -> new DelayedLabels("l", null, "id", "/label", null));
        refuses("labels.window must be from PT1S", () -> new DelayedLabels("l", null, null, "/label", Duration.ZERO));
        refuses(
                "attributes.shop must be a JSON pointer",
                () -> new SourceConfig("t", null, null, FIELDS, Map.of("shop", ""), null));
    }

    private static void refuses(String message, Runnable making) {
        assertThatThrownBy(making::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static SourceFields fields(String id, String text) {
        return new SourceFields(null, id, text, null, null, null);
    }

    private static SourceConfig source(String topic, String task, SourceFields fields, DelayedLabels labels) {
        return new SourceConfig(topic, null, task, fields, null, labels);
    }
}
