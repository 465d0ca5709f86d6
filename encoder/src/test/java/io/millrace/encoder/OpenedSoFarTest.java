package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class OpenedSoFarTest {

    private final List<String> closed = new ArrayList<>();

    @Test
    void shouldCloseTheNewestFirstIfTheRestCannotBeOpened() {
        // When
        assertThatThrownBy(() -> {
                    try (OpenedSoFar opened = new OpenedSoFar()) {
                        opened.add(resource("tokenizer"));
                        opened.add(resource("encoder"));
                        throw new IllegalStateException("no weights");
                    }
                })
                .hasMessage("no weights");

        // Then
        assertThat(closed).containsExactly("encoder", "tokenizer");
    }

    @Test
    void shouldCloseNothingThatIsKept() {
        // When
        try (OpenedSoFar opened = new OpenedSoFar()) {
            opened.add(resource("tokenizer"));
            opened.keep();
        }

        // Then
        assertThat(closed).isEmpty();
    }

    @Test
    void shouldCloseTheOthersIfOneCannotBeClosed() {
        // When
        assertThatThrownBy(() -> {
                    try (OpenedSoFar opened = new OpenedSoFar()) {
                        opened.add(resource("tokenizer"));
                        opened.add(() -> {
                            throw new java.io.IOException("stuck");
                        });
                    }
                })
                .hasMessageContaining("stuck");

        // Then
        assertThat(closed).containsExactly("tokenizer");
    }

    private AutoCloseable resource(String name) {
        return () -> closed.add(name);
    }
}
