package io.millrace.app.deploy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A program that the machine of the tests may lack. */
record InstalledProgram(Path path) {

    /** What a run gave. */
    record Result(int exitCode, String output) {}

    /**
     * Skips the test with a plain message if the program is missing.
     *
     * @param debianPackage package that has it
     */
    static InstalledProgram required(String name, String debianPackage) {
        Optional<Path> found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            String missing = name + " is not installed. Run: apt-get install " + debianPackage;
            System.out.println("SKIPPED a test of the dashboards and alerts: " + missing);
            assumeTrue(false, missing);
        }
        return new InstalledProgram(found.orElseThrow());
    }

    static InstalledProgram promtool() {
        return required("promtool", "prometheus");
    }

    static InstalledProgram prometheus() {
        return required("prometheus", "prometheus");
    }

    /** The command line with these arguments. */
    List<String> command(String... arguments) {
        return Stream.concat(Stream.of(path.toString()), Arrays.stream(arguments))
                .toList();
    }

    /** Runs it to its end. */
    Result run(String... arguments) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command(arguments)).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
