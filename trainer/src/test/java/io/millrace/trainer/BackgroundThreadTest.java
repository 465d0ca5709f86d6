package io.millrace.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

class BackgroundThreadTest {

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldStepBackBehindAllOtherThreads() throws Exception {
        int before = niceness();
        CompletableFuture<Integer> inside = new CompletableFuture<>();

        // When
        Thread thread = BackgroundThread.of(() -> inside.complete(niceness()), "test");
        thread.start();
        thread.join();

        // Then
        assertThat(inside).isCompletedWithValue(Math.max(before, BackgroundThread.NICENESS));
        assertThat(niceness()).as("niceness of this thread").isEqualTo(before);
        assertThat(thread.isDaemon()).isTrue();
    }

    /** Of the calling thread; the name in the second field may hold anything. */
    private static int niceness() {
        try {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
