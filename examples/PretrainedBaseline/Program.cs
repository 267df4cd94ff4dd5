#if OFFICIAL_PACKAGES
return PretrainedBaseline.BaselineComparison.Run(args);
#else
Console.WriteLine("This example needs the official packages: build it with -p:MlAttentionPackages=official.");
return 0;
#endif
