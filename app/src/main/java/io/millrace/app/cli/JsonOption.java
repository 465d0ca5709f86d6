package io.millrace.app.cli;

import io.millrace.schemas.json.Json;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

import java.util.List;

/**
 * {@code --json}: an answer for programs in place of one for people. Its keys are the components of a record, which docs/commands.md
 * shows; they keep their names and meanings, and later versions only add some.
 */
final class JsonOption {

    private final Class<?> shape;
    private final boolean one;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--json",
            description =
                    "Print JSON in place of text, and nothing else to standard output; docs/commands.md has its keys.")
    private boolean wanted;

    private JsonOption(Class<?> shape, boolean one) {
        this.shape = shape;
        this.one = one;
    }

    /** A command that prints one object of this type, on one line. */
    static JsonOption one(Class<?> shape) {
        return new JsonOption(shape, true);
    }

    /** A command that prints any number of objects of this type, one per line. */
    static JsonOption lines(Class<?> shape) {
        return new JsonOption(shape, false);
    }

    /** Whether JSON is wanted. */
    boolean wanted() {
        return wanted;
    }

    /** The type of what is printed. */
    Class<?> shape() {
        return shape;
    }

    /** Whether exactly one object is printed. */
    boolean one() {
        return one;
    }

    /** Prints {@code answer} as JSON if that is wanted, and {@code lines} otherwise. */
    void print(Object answer, List<String> lines) {
        if (wanted) {
            print(answer);
        } else {
            lines.forEach(spec.commandLine().getOut()::println);
        }
    }

    /** Prints one object. */
    void print(Object answer) {
        spec.commandLine().getOut().println(Json.write(shape.cast(answer)));
    }
}
