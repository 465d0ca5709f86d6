package io.millrace.app.encoder.hub;

import io.millrace.schemas.text.LogSafe;

import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tries again what failed on the way: broken connections and a hub that is busy. It gives up after five failures in a row between
 * which no byte arrived.
 *
 * @param pause waits
 * @param notice takes a line for the user before each wait
 */
record Retries(Pause pause, Consumer<String> notice) {

    private static final int MOST_FAILURES = 5;
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int MOST_REASON_CHARS = 200;

    /** Waits. */
    interface Pause {
        void wait(Duration time) throws InterruptedException;
    }

    /** One request, and what is done with its answer. */
    interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    /**
     * Runs an attempt until it succeeds.
     *
     * @param what for messages
     * @param arrived how many bytes have arrived so far
     */
    <T> T run(String what, LongSupplier arrived, Attempt<T> attempt) throws InterruptedException {
        int failures = 0;
        while (true) {
            long before = arrived.getAsLong();
            try {
                return attempt.run();
            } catch (IOException e) {
                failures = arrived.getAsLong() > before ? 1 : failures + 1;
                if (failures == MOST_FAILURES) {
                    throw new DownloadException(
                            "cannot fetch " + what + ": " + reason(e) + ", " + MOST_FAILURES
                                    + " times in a row. The same command resumes later. For a proxy, set"
                                    + " MILLRACE_JAVA_OPTS=-Dhttps.proxyHost=HOST; for a mirror, HF_ENDPOINT.",
                            e);
                }
                await(what, e, failures);
            }
        }
    }

    private void await(String what, IOException failure, int failures) throws InterruptedException {
        Duration wait = Duration.ofSeconds(1L << (failures - 1));
        if (failure instanceof BusyHubException busy && busy.pause().isPresent()) {
            wait = busy.pause().get();
            if (wait.compareTo(LONGEST) > 0) {
                throw new DownloadException(
                        "cannot fetch " + what + ": " + reason(failure) + ", for " + wait.toSeconds()
                                + " seconds. The same command resumes after that.",
                        failure);
            }
        }
        notice.accept(what + ": " + reason(failure) + "; trying again in " + wait.toSeconds() + " s");
        pause.wait(wait);
    }

    private static String reason(IOException failure) {
        Throwable named = failure;
        while (named.getMessage() == null && named.getCause() != null) {
            named = named.getCause();
        }
        if (named instanceof UnresolvedAddressException) {
            return "the name of the host is not known";
        }
        String message = named.getMessage();
        return message == null ? "no connection to the host" : LogSafe.line(message, MOST_REASON_CHARS);
    }
}
