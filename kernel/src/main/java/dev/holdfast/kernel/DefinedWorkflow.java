package dev.holdfast.kernel;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** A workflow made of a definition and a lambda. */
record DefinedWorkflow<I, O>(Workflow.Definition<I, O> definition, Workflow.Body<I, O> body)
    implements Workflow<I, O> {
  @Override
  public String name() {
    return definition.name();
  }

  @Override
  public String version() {
    return definition.version();
  }

  @Override
  public Class<I> inputType() {
    return definition.inputType();
  }

  @Override
  public Class<O> outputType() {
    return definition.outputType();
  }

  @Override
  public Set<Class<? extends Exception>> failsOn() {
    return definition.failsOn();
  }

  @Override
  public List<Workflow.Undo<?, ?>> undos() {
    return definition.undos();
  }

  @Override
  public Workflow.OnFailure onFailure() {
    return definition.onFailure();
  }

  @Override
  public Map<String, String> manifest() {
    return definition.manifest();
  }

  @Override
  public O execute(Run run, I input) throws Exception {
    return body.execute(run, input);
  }
}
