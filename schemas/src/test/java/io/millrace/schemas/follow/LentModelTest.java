package io.millrace.schemas.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.Verdict;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class LentModelTest {

    private final List<String> events = new ArrayList<>();
    private final LentModel<Loaded> lent = new LentModel<>(directory -> {
        String name = String.valueOf(directory.getFileName());
        if (name.equals("broken")) {
            throw new IllegalArgumentException("no model");
        }
        events.add("load " + name);
        return new Loaded(name);
    });

    private final class Loaded implements AutoCloseable {

        private final String name;

        private Loaded(String name) {
            this.name = name;
        }

        @Override
        public void close() {
            events.add("close " + name);
        }
    }

    @Test
    void shouldLoadTheNextBeforeItClosesTheOneBefore() throws Exception {
        // When
        lent.accept(model("a"));
        lent.accept(model("b"));

        // Then
        assertThat(events).containsExactly("load a", "load b", "close a");
        assertThat(lent.<String>use(used -> used.name)).isEqualTo("b");
        assertThat(lent.source().orElseThrow().id()).isEqualTo("b");
    }

    @Test
    void shouldCloseAModelThatIsUsedOnlyWhenItsLastUserIsDone() throws Exception {
        // Given
        lent.accept(model("a"));

        // When
        List<String> seen = lent.use(outer -> lent.use(inner -> {
            accept("b");
            return List.of(outer.name, inner.name, lent.<String>use(used -> used.name), String.valueOf(events));
        }));

        // Then
        assertThat(seen).containsExactly("a", "a", "b", "[load a, load b]");
        assertThat(events).containsExactly("load a", "load b", "close a");
    }

    @Test
    void shouldReleaseAModelWhoseUserFails() throws Exception {
        // Given
        lent.accept(model("a"));
        assertThatThrownBy(() -> lent.use(used -> {
                    throw new IllegalStateException("a user's fault");
                }))
                .hasMessage("a user's fault");

        // When
        lent.accept(model("b"));

        // Then
        assertThat(events).endsWith("close a");
    }

    @Test
    void shouldKeepTheOldOneIfTheNextCannotBeLoaded() throws Exception {
        // Given
        lent.accept(model("a"));

        // When
        assertThatThrownBy(() -> lent.accept(model("broken"))).hasMessage("no model");

        // Then
        assertThat(lent.<String>use(used -> used.name)).isEqualTo("a");
    }

    @Test
    void shouldSayWhyThereIsNoModel() throws Exception {
        assertThatThrownBy(() -> lent.use(used -> used.name))
                .hasMessage("there is no model yet: wait until the evaluator has promoted one");

        assertThat(lent.awaitFirst(Duration.ZERO)).isFalse();

        // When
        lent.accept(model("a"));
        assertThat(lent.awaitFirst(Duration.ZERO)).isTrue();
        lent.close();
        lent.accept(model("b"));

        // Then
        assertThat(lent.awaitFirst(Duration.ZERO)).isFalse();
        assertThatThrownBy(() -> lent.use(used -> used.name)).hasMessage("there is no model: it was closed");
        assertThat(events).containsExactly("load a", "close a", "load b", "close b");
    }

    private void accept(String id) {
        try {
            lent.accept(model(id));
        } catch (Exception e) {
            throw new AssertionError("cannot load " + id, e);
        }
    }

    private static VerifiedModel model(String id) {
        return new VerifiedModel(
                PublishedStore.verdict(Verdict.PROMOTED, id, PublishedStore.location(id)), Path.of("store", id));
    }
}
