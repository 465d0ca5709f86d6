package io.millrace.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.MillraceMain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code ./millrace ...} as a process of its own, with the classes under test. */
final class ChildProcess implements AutoCloseable {

    private final Process process;
    private final Path log;

    private ChildProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts a command.
     *
     * @param log takes all of its output, behind what it holds already
     */
    static ChildProcess start(Path log, List<String> arguments) throws IOException {
        return startMain(MillraceMain.class, log, arguments.toArray(new String[0]));
    }

    /** Starts a service of a stream. */
    static ChildProcess service(Path log, String command, Path config, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(command, "--config", config.toString()));
        arguments.addAll(List.of(more));
        return start(log, arguments);
    }

    /** Starts another program of the tests. */
    static ChildProcess startMain(Class<?> main, Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                // It lives for seconds, in which neither the second compiler nor parallel collections pay.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dai.djl.offline=true",
                "-Dai.djl.pytorch.num_threads=1",
                "-DOPT_OUT_TRACKING=true",
                "-cp",
                // Under Maven the class path itself is only a jar that refers to it.
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("GOMP_SPINCOUNT", "2000");
        builder.environment().put("LC_ALL", "C.UTF-8");
        return new ChildProcess(builder.start(), log);
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Stops it where it stands, with all that it holds. */
    void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** Lets it go on. */
    void thaw() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        if (new ProcessBuilder("kill", name, Long.toString(process.pid()))
                        .start()
                        .waitFor()
                != 0) {
            throw new IllegalStateException("process " + process.pid() + " took no signal " + name);
        }
    }

    /** Asks the process to stop, waits for it, and gives its exit status. */
    int terminate() throws InterruptedException {
        process.destroy();
        return process.waitFor();
    }

    /** Waits until the process ends by itself. */
    int await(long seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the process did not end within " + seconds + " s:\n" + output());
        }
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void assertAlive() {
        assertThat(isAlive()).as(this::output).isTrue();
    }

    long pid() {
        return process.pid();
    }

    /** What it and its predecessors with the same log have printed. */
    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "no output: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
