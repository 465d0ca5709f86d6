package io.millrace.app.deploy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The containers of docker-compose.yml under a name and ports of their own, so that they disturb no others on this machine. */
final class ComposeProject implements AutoCloseable {

    private static final List<List<String>> COMMANDS = List.of(List.of("docker", "compose"), List.of("docker-compose"));

    private final List<String> compose;
    private final String name = "millrace-it-" + ProcessHandle.current().pid();
    private final Map<String, String> environment = new TreeMap<>();
    private final int prometheusPort;

    private ComposeProject(List<String> compose) throws IOException {
        this.compose = compose;
        this.prometheusPort = freePort();
        environment.put("MILLRACE_KAFKA_PORT", Integer.toString(freePort()));
        environment.put("MILLRACE_PROMETHEUS_PORT", Integer.toString(prometheusPort));
    }

    /** One that is not up yet; empty without a container engine or Compose. */
    static Optional<ComposeProject> find() throws IOException, InterruptedException {
        if (!succeeds(List.of("docker", "info"))) {
            return Optional.empty();
        }
        for (List<String> command : COMMANDS) {
            if (succeeds(with(command, "version"))) {
                return Optional.of(new ComposeProject(command));
            }
        }
        return Optional.empty();
    }

    /** Sets a variable that the file reads. */
    ComposeProject with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    int prometheusPort() {
        return prometheusPort;
    }

    /** Builds the image as docs/deployment.md says; the jars must be built. */
    void buildImage() throws IOException, InterruptedException {
        run(List.of("docker", "build", "-q", "-f", DeployedFile.DOCKERFILE.name(), "-t", "millrace", "."));
    }

    void up(String... services) throws IOException, InterruptedException {
        List<String> command = with(compose, "-p", name, "--profile", "demo", "up", "-d", "--no-build");
        command.addAll(List.of(services));
        run(command);
    }

    /** Stops them, each with its own grace. */
    void stop() throws IOException, InterruptedException {
        run(with(compose, "-p", name, "--profile", "demo", "stop"));
    }

    /** The exit code of a service that was stopped. */
    int exitCode(String service) throws IOException, InterruptedException {
        String container =
                run(with(compose, "-p", name, "ps", "-a", "-q", service)).strip();
        return Integer.parseInt(run(List.of("docker", "inspect", "-f", "{{.State.ExitCode}}", container))
                .strip());
    }

    /** Removes containers, networks and volumes. */
    @Override
    public void close() throws IOException, InterruptedException {
        run(with(compose, "-p", name, "--profile", "demo", "down", "--volumes"));
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Path.of(System.getProperty("millrace.root")).toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IllegalStateException(String.join(" ", command) + " ended with " + exit + ":\n" + output);
        }
        return output;
    }

    private static boolean succeeds(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            // There is no such command.
            return false;
        }
    }

    private static List<String> with(List<String> command, String... more) {
        List<String> whole = new ArrayList<>(command);
        whole.addAll(List.of(more));
        return whole;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
