package io.millrace.app.cli;

import io.millrace.schemas.ModelRequest.Action;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code millrace models promote}. */
@Command(
        name = "promote",
        description = {
            "Make a checkpoint the champion, whatever the gate says.",
            "Its files must be whole and it must load: the evaluator scores it before it publishes it.",
            "If the champion has changed since this command looked, the request is refused."
        })
public final class ModelsPromoteCommand extends ModelsRequestCommand {

    @Parameters(paramLabel = "ID", description = "The checkpoint, or challenger: the one that the gate judged last.")
    private String checkpoint;

    @Override
    Action action() {
        return Action.PROMOTE;
    }

    @Override
    @Nullable
    String checkpoint() {
        return checkpoint;
    }
}
