package dev.holdfast.store;

/**
 * What a worker process executes: implement it in your application, and every {@code holdfast
 * worker} with your jars on its class path registers what it says.
 *
 * <p>It is found by {@link java.util.ServiceLoader}: name your class, which is public and has a
 * public constructor without parameters, in the file {@code
 * META-INF/services/dev.holdfast.store.Workflows} of your jar. Any number of them may be there.
 */
@FunctionalInterface
public interface Workflows {
  /**
   * Registers workflows, services and agents, and builds what they need; called once, on one
   * thread, before the worker says that it is ready. Runs may begin as soon as their workflow is
   * registered. What it throws ends the worker.
   */
  void register(Holdfast holdfast) throws Exception;
}
