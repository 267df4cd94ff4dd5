Console.WriteLine("mlattention");
