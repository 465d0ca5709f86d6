package io.millrace.app.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines that start a program of this build in a virtual machine of its own. */
public final class OwnJvm {

    private OwnJvm() {}

    /**
     * The words that start {@code main} with the options of this virtual machine.
     *
     * @param options further options, after those of this one
     * @param main the class with the main method
     * @param argument its only argument
     */
    public static List<String> command(List<String> options, Class<?> main, String argument) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                // A second process cannot have the port of a debugger, and an agent would be measured too.
                .filter(option -> !option.startsWith("-agent") && !option.startsWith("-javaagent"))
                .forEach(command::add);
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName(), argument));
        return command;
    }
}
