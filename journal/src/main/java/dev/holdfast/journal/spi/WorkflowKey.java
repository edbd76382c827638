package dev.holdfast.journal.spi;

/** A workflow's name and version: what a worker must have registered to execute its runs. */
public record WorkflowKey(String name, String version) {
  @Override
  public String toString() {
    return name + " " + version;
  }
}
