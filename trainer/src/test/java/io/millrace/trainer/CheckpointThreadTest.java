package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

class CheckpointThreadTest {

    private final CountDownLatch gate = new CountDownLatch(1);

    @Test
    void shouldHaveOneCheckpointUnderWay() {
        try (CheckpointThread thread = new CheckpointThread()) {
            // Given
            Future<String> first = thread.start(() -> {
                gate.await();
                return "first";
            });
            assertThat(thread.isBusy()).isTrue();
            assertThatThrownBy(() -> thread.start(() -> "second")).hasMessageContaining("is under way");

            // When
            gate.countDown();
            thread.awaitFree();

            // Then
            assertThat(thread.isBusy()).isFalse();
            assertThat(CheckpointThread.result(first)).isEqualTo("first");
            assertThat(CheckpointThread.result(thread.start(() -> "second"))).isEqualTo("second");
        }
    }

    @Test
    void shouldTellTheOwnerOfAFailureAndNobodyElse() {
        try (CheckpointThread thread = new CheckpointThread()) {
            // Given
            IllegalStateException fenced = new IllegalStateException("fenced");

            // When
            Future<String> failed = thread.start(() -> {
                throw fenced;
            });
            thread.awaitFree();
            Future<String> next = thread.start(() -> "whole");

            // Then
            assertThat(CheckpointThread.result(next)).isEqualTo("whole");
            assertThatThrownBy(() -> CheckpointThread.result(failed)).isSameAs(fenced);
            assertThatThrownBy(() -> CheckpointThread.result(failed)).isSameAs(fenced);
        }
    }

    @Test
    void shouldPassOnErrorsAndNameTheCauseOfOthers() {
        try (CheckpointThread thread = new CheckpointThread()) {
            // Given
            OutOfMemoryError full = new OutOfMemoryError("heap");

            // When
            Future<String> error = thread.start(() -> {
                throw full;
            });
            thread.awaitFree();
            Future<String> checked = thread.start(() -> {
                throw new IOException("disk");
            });

            // Then
            assertThatThrownBy(() -> CheckpointThread.result(error)).isSameAs(full);
            assertThatThrownBy(() -> CheckpointThread.result(checked))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("disk");
        }
    }
}
